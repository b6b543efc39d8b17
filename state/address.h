#pragma once

#include "core/json.h"

#include <string>

namespace slipway::state {

/// Where an instance stands, as Terraform writes it: module.db["a"].data.hci_image.debian[0]. `module` is
/// empty for the root module; `index` is null, a number or a string.
struct InstancePlace {
  std::string module;
  bool data_source = false;
  std::string type;
  std::string name;
  Json index;
};

std::string address_of(const InstancePlace& place);

}  // namespace slipway::state
