"""Personal data: found in what is to be published, withheld or replaced by keyed pseudonyms."""
