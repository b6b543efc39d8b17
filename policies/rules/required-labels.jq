# Denies plans that leave a resource without labels that everybody counts on.
#
#   use: required-labels
#   with:
#     labels: [team, env]            # required: names that must be there, with a value
#     types: [hci_instance]          # "*" stands for any characters; left out: every type that has the attribute
#     attribute: monitoring.labels   # where they are; left out: labels, or else tags
#
# What is not known before the apply is not complained about.

def regex: "^" + gsub("[*]"; ".*") + "$";
def matching($patterns): [.[] | select(. as $text | any($patterns[] | regex; . as $regex | $text | test($regex)))];
# The value at a path; null where a part of it is missing, or a list in between has no single answer.
def at($path): reduce $path[] as $name (.; if type == "object" then .[$name] else null end);
# Whether Terraform knows it only after the apply: true stands for all that is below.
def unknown($path): reduce $path[] as $name (.; if type == "object" then .[$name] else . == true end) == true;

if ($with.labels // []) == [] then error("required-labels needs the names in with: {labels: [team, env]}") else . end
| (if $with.attribute then [$with.attribute | split(".")] else [["labels"], ["tags"]] end) as $places
| [.resource_changes[]? | select(.mode != "data" and (.change.after | type) == "object")]
| (map(.type) | unique | matching($with.types // ["*"])) as $types
| .[]
| select(.type | IN($types[]))
| . as $resource
| first($places[] | . as $place | select($resource.change.after | has($place[0]))) as $place
| select($resource.change.after_unknown | unknown($place) | not)
| (($resource.change.after | at($place)) // {}) as $labels
| [$with.labels[]
   | select(. as $name | $labels | type != "object" or (.[$name] // "") == "")
   | select(. as $name | $resource.change.after_unknown | unknown($place + [$name]) | not)]
| select(length > 0)
| "\($resource.address) has no \(join(", ")) in its \($place | join("."))"
