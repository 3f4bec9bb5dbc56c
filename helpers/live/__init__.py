"""LivePlot: a Matplotlib figure whose artists follow controls in the browser."""
