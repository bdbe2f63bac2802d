"""Tests of a candidate across applications, without Temporal."""
