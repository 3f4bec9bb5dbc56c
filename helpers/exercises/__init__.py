"""Feedback on what a learner wrote."""
