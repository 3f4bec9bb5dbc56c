"""The mathematics, pictures and live plots of the course."""
