"""The crawl: every page of the site in every language, held against rules that are small functions."""
