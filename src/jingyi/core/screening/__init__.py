"""Supervision models (大数据法律监督模型): a rule over the tables of several organs, as a folder of text."""
