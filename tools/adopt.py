"""Write the repository's address into every badge and link: ``make adopt REPO=owner/name``.

The address stands in one place, ``Repository`` under ``[project.urls]`` in ``pyproject.toml``.
Everything that needs it is generated from there:

``README.md``
    the lines between ``<!-- links -->`` and ``<!-- /links -->``, below the title: badges, or,
    while the address is unknown, how to launch in plain words.
``notebooks/*.ipynb``
    the first line of the first cell, a Markdown cell, which reads ::

        [Launch on Binder](…) · [← Previous](00-….ipynb) · [Contents](../README.md#notebooks) · [Next →](02-….ipynb)

    followed by an empty line and ``# Title``. It is written here, in the order of the file names,
    and inserted where it is missing; the first notebook has no previous one, the last no next.
    While the address is unknown, its first link leads to the words in ``README.md``.
``CITATION.cff``
    the line ``repository-code``, present only once the address is known.

Without ``REPO`` the links are refreshed from ``pyproject.toml``, after a notebook was added, say.
``--check`` changes nothing and names the files whose links disagree with it.
"""  # noqa: E501
