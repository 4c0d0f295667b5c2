# SPDX-License-Identifier: GPL-2.0
"""usage: spec.py lb.yaml

Prints what the unit tests compare userspace's tables with, one fact per line:
  attribute SET NUMBER NAME
  check SET NAME min|max|max-len NUMBER
  nest SET NAME NESTED-SET
  entry ENUM NUMBER NAME
"""
import sys

import yaml

with open(sys.argv[1], encoding="utf-8") as file:
    spec = yaml.safe_load(file)

constants = {d["name"]: d["value"] for d in spec["definitions"] if d["type"] == "const"}

# A subset's attributes are those of the whole, under the same numbers.
whole = {s["name"]: s.get("subset-of", s["name"]) for s in spec["attribute-sets"]}

for attribute_set in spec["attribute-sets"]:
    if "subset-of" in attribute_set:
        continue
    for number, attribute in enumerate(attribute_set["attributes"], 1):
        print("attribute", attribute_set["name"], number, attribute["name"])
        for bound, value in attribute.get("checks", {}).items():
            print("check", attribute_set["name"], attribute["name"], bound, constants.get(value, value))
        if "nested-attributes" in attribute:
            print("nest", attribute_set["name"], attribute["name"], whole[attribute["nested-attributes"]])

for definition in spec["definitions"]:
    for number, entry in enumerate(definition.get("entries", [])):
        name = entry["name"] if isinstance(entry, dict) else entry
        print("entry", definition["name"], number, name)
