#include "runner/plan/redaction.h"

#include "runner/plan/value_reader.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace slipway::runner {
namespace {

/// What a plan names things with: never secret, and a document without them could not be read. Sorted.
constexpr std::array<std::string_view, 25> kNames = {"action_reason",
                                                     "actions",
                                                     "address",
                                                     "alias",
                                                     "attribute",
                                                     "depends_on",
                                                     "deposed",
                                                     "deposed_key",
                                                     "format_version",
                                                     "full_name",
                                                     "index",
                                                     "kind",
                                                     "mode",
                                                     "module_address",
                                                     "name",
                                                     "previous_address",
                                                     "provider_config_key",
                                                     "provider_name",
                                                     "references",
                                                     "resource",
                                                     "source",
                                                     "status",
                                                     "to_display",
                                                     "type",
                                                     "version_constraint"};

/// Members that hold values of the user's: nothing in them follows the format's conventions. Sorted.
constexpr std::array<std::string_view, 6> kValues = {"after",   "before", "constant_value",
                                                     "default", "value",  "values"};

constexpr std::string_view kAfterName = "_sensitive";
constexpr std::string_view kBeforeName = "sensitive_";

template <std::size_t kSize>
bool among(const std::array<std::string_view, kSize>& words, std::string_view word) {
  return std::binary_search(words.begin(), words.end(), word);
}

/// The members of an object that have a mask beside them, with that mask.
std::vector<std::pair<std::string_view, const Json*>> masked_members(const Json& object) {
  std::vector<std::pair<std::string_view, const Json*>> found;
  for (const auto& [key, mask] : object.object_members()) {
    std::string_view name = key;
    if (name.ends_with(kAfterName)) {
      name.remove_suffix(kAfterName.size());
    } else if (name.starts_with(kBeforeName)) {
      name.remove_prefix(kBeforeName.size());
    } else {
      continue;
    }
    if (object.find(name) != nullptr) found.emplace_back(name, &mask);
  }
  return found;
}

const Json* mask_of(const std::vector<std::pair<std::string_view, const Json*>>& masked,
                    std::string_view name) {
  for (const auto& [key, mask] : masked)
    if (key == name) return mask;
  return nullptr;
}

bool says_sensitive(const Json& object) {
  const Json* flag = object.find("sensitive");
  return flag != nullptr && flag->is_bool() && flag->boolean();
}

const Json kAll = true;

/// Finds the values in a part: `with_mask(value, mask)` and `plain(value)` are told each of them.
template <class AnyJson, class WithMask, class Plain>
void each_value(AnyJson& part, bool sensitive, const WithMask& with_mask, const Plain& plain) {
  if (part.is_array()) {
    for (auto& item : part.array_items()) each_value(item, sensitive, with_mask, plain);
  } else if (part.is_object()) {
    const bool below = sensitive || says_sensitive(part);
    const auto masked = masked_members(part);
    for (auto& [key, member] : part.object_members()) {
      if (const Json* mask = mask_of(masked, key)) {
        with_mask(member, *mask);
      } else if (among(kValues, key)) {
        below ? with_mask(member, kAll) : plain(member);
      } else if (member.is_object() || !among(kNames, key)) {
        each_value(member, below, with_mask, plain);
      }
    }
  } else {
    plain(part);
  }
}

/// Tells the parts of `value` that `mask` covers, and the others; a mask of another shape covers the whole.
template <class AnyJson, class Covered, class Plain>
void split(AnyJson& value, const Json& mask, const Covered& covered, const Plain& plain) {
  if (!covers_any(mask)) {
    plain(value);
  } else if (value.is_object() && mask.is_object()) {
    for (auto& [key, member] : value.object_members()) {
      const Json* below = mask.find(key);
      below != nullptr ? split(member, *below, covered, plain) : plain(member);
    }
  } else if (value.is_array() && mask.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      auto& item = value.array_items()[i];
      i < mask.size() ? split(item, mask.array_items()[i], covered, plain) : plain(item);
    }
  } else {
    covered(value);
  }
}

}  // namespace

void Redaction::learn(const Json& part) {
  each_value(
      part, false,
      [this](const Json& value, const Json& mask) {
        split(value, mask, [this](const Json& covered) { known_.learn(covered); }, [](const Json&) {});
      },
      [](const Json&) {});
}

void Redaction::clean(Json& part) {
  each_value(
      part, false,
      [this](Json& value, const Json& mask) {
        split(
            value, mask, [](Json& covered) { covered = nullptr; },
            [this](Json& plain) { clean_value(plain); });
      },
      [this](Json& value) { clean_value(value); });
}

void Redaction::clean_sensitive(Json& value) {
  known_.learn(value);
  value = nullptr;
}

void Redaction::clean_value(Json& value) {
  if (value.is_string()) {
    if (!known_.may_show(value.string())) value = nullptr;
  } else if (value.is_array()) {
    for (Json& item : value.array_items()) clean_value(item);
  } else if (value.is_object()) {
    for (auto& [key, item] : value.object_members()) clean_value(item);
  }
}

}  // namespace slipway::runner
