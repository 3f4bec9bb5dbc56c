r"""Read the derivations out of the notebooks' Markdown and check every line of them, as typed.

How to write a chain
--------------------
A chain is an ``aligned`` display, its ``$$`` on lines of their own between blank lines::

    For $z > 0$:

    $$
    \begin{aligned}
    g'(z) &= \frac{d}{dz}\left(z\right) && \text{definition of } g \\
    &= 1 && \text{slope of the identity}
    \end{aligned}
    $$

Every line is ``&= expression && reason``; the first also has a left side. No reason may be empty.
Every expression must equal the one before it. If the left side is the slope of the notebook's
function (``g'(z)``, ``\frac{dg}{dz}``, ``\sigma'(z)`` …, also with ``z`` in one branch only, or
``g'_+(0)``, ``g'_-(0)``), the last line is also compared with the helper. Every ``aligned`` display
is taken for a chain; what is not a chain (a list of formulas) goes into plain ``$$``.

The paragraph directly before the chain (its introduction) may say, each in a ``$…$`` of its own:

- the branch or the range the chain holds for: ``$z > 0$``, ``$z < 0$``, ``$\alpha \le 1$``,
  ``$h > 0$`` (also ``\ge``, ``\ne``; a symbol first, a number last);
- the function, ``$g(z) = z^2$``. Outside notebooks 01–04 it must be said if the chain uses ``g`` or
  ``a``; inside, ``g`` is the notebook's own function and a statement to the contrary fails.

``a`` always means ``g(z)``. If ``\alpha`` occurs in the chain or in its introduction's formulas, it
is checked at several α and ``g`` is σ(αz), tanh(αz) or the leaky family with that leak. If it does
not, ``g`` is the plain function: α = 1 for sigmoid and tanh, 0 for ReLU (leaky keeps every α).

Expressions: numbers, ``z h a e \alpha``, ``+ - \cdot \times``, ``\frac{…}{…}``, powers, brackets
with or without ``\left \right``, ``\lvert … \rvert``, ``\max(…, …)``, ``g(…)``, ``\sigma(…)``,
``\tanh(…)``, ``\tanh z``, ``\tanh^2(z)``, ``g'(…)``, ``\sigma'(…)``, ``\tanh'(…)``, ``g'_+(0)``,
``\frac{d}{dz}`` in front of *one* factor (bracket anything longer; ``\cdot`` ends it),
``\lim_{h \to 0^+}``, ``0^-`` or ``0`` in front of one term, and
``\begin{cases} 1 & z > 0 \\ \alpha & z < 0 \\ \text{undefined} & z = 0 \end{cases}``. Cases must
not overlap. What else stands there is refused, never guessed at.

How it is read
--------------
``sympy.parsing.latex.parse_latex`` takes ``a(1-a)`` for a call and ``e`` for a name, does not know
``\tanh'`` or ``\lvert``, and lets ``\frac{d}{dz}`` swallow a product. So whatever stands in
brackets, is called, differentiated or taken to a limit is read first, on its own, and stands in the
outer line as a placeholder: ``parse_latex`` only ever sees sums, products, quotients and powers.
"""
