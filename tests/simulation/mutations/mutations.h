#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::simulation {

/// Asked by the planted copies: is this rule broken now?
bool broken(std::string_view mutation);
/// One at a time; empty: none.
void break_rule(std::string mutation);

struct Planted {
  std::string name;
  std::uint64_t seed = 1;  // of a story that noticed it
};
/// Written by `plant`: the mutations of sources, and the names of those whose text is not in its file any
/// more.
std::vector<Planted> planted();
std::vector<std::string> unplantable();

}  // namespace slipway::simulation
