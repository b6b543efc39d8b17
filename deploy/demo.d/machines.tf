locals {
  machines = {
    web-01 = "10.20.0.11"
    web-02 = "10.20.0.12"
  }
}

# Stands for a virtual machine of a real provider: it has the attributes of one, and needs no data center.
resource "terraform_data" "web" {
  for_each = local.machines

  input = {
    kind       = "hci"
    name       = each.key
    ip_address = each.value
    automation = {
      groups    = ["web", "seoul"]
      variables = { nginx_workers = 4 }
    }
    monitoring = {
      exporters = [{ port = 9100, job = "node" }, { port = 9113, job = "nginx" }]
      labels    = { rack = "a7" }
    }
  }
}
