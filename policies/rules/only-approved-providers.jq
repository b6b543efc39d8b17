# Denies plans that use a provider which nobody has approved: a provider is a program that runs with your credentials.
#
#   use: only-approved-providers
#   with:
#     providers: ["registry.terraform.io/hashicorp/*", "registry.acme.example/acme/hci"]   # required
#
# Terraform's own (terraform_data, terraform_remote_state) is always approved.

def regex: "^" + (gsub("[.]"; "\\.") | gsub("[*]"; "[^/]*")) + "$";
def matching($patterns): [.[] | select(. as $text | any($patterns[] | regex; . as $regex | $text | test($regex)))];

if ($with.providers // []) == [] then
  error("only-approved-providers needs with: {providers: [\"registry.terraform.io/hashicorp/*\"]}")
else . end
| ([.configuration.provider_config[]?.full_name, .resource_changes[]?.provider_name,
    (.prior_state.values | .. | .provider_name? // empty)] | map(strings) | unique)
| (. - matching($with.providers + ["terraform.io/builtin/*"]))[]
| "the provider \(.) is not approved"
