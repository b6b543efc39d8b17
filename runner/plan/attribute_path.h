#pragma once

#include "core/json.h"

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace slipway::runner {

/// The way to a part of a value: member names and list indexes.
using AttributeStep = std::variant<std::string, std::size_t>;
using AttributePath = std::vector<AttributeStep>;

/// disk[0].size, tags["a.b"]
std::string to_text(const AttributePath& path);
/// The same of a path in plan JSON: a list of strings and numbers; whatever else is in it is written as JSON.
std::string path_text(const Json& path);

/// An address without its instances' keys: module.m["x"].a.b[0] is module.m.a.b.
std::string without_indexes(std::string_view address);
/// The words of an address without its instances' keys.
std::vector<std::string> address_words(std::string_view address);

}  // namespace slipway::runner
