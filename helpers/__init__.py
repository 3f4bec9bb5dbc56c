"""The mathematics, pictures and live plots of the course."""

from helpers.activations import (
    ACTIVATIONS,
    Activation,
    leaky_relu,
    leaky_relu_derivative,
    leaky_relu_derivative_from_a,
    relu,
    relu_derivative,
    relu_derivative_from_a,
    sigmoid,
    sigmoid_derivative,
    sigmoid_derivative_from_a,
    tanh,
    tanh_derivative,
    tanh_derivative_from_a,
)

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "leaky_relu",
    "leaky_relu_derivative",
    "leaky_relu_derivative_from_a",
    "relu",
    "relu_derivative",
    "relu_derivative_from_a",
    "sigmoid",
    "sigmoid_derivative",
    "sigmoid_derivative_from_a",
    "tanh",
    "tanh_derivative",
    "tanh_derivative_from_a",
]
