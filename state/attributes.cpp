#include "state/attributes.h"

#include "core/redactor.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string>
#include <string_view>

namespace slipway::state {
namespace {

bool is_type(const Json& type) {
  if (type.is_string()) {
    const std::string_view name = type.string();
    return name == "string" || name == "number" || name == "bool" || name == "dynamic";
  }
  if (!type.is_array() || type.size() < 2 || !type.array_items()[0].is_string()) return false;
  const std::string_view name = type.array_items()[0].string();
  const Json& of = type.array_items()[1];
  if (name == "list" || name == "set" || name == "map") return is_type(of);
  if (name == "tuple") {
    return of.is_array() && std::all_of(of.array_items().begin(), of.array_items().end(), is_type);
  }
  return name == "object" && of.is_object() &&
         std::all_of(of.object_members().begin(), of.object_members().end(),
                     [](const auto& member) { return is_type(member.second); });
}

/// The member or item that a step of a path leads to; nullptr when there is none. `known` tells whether it is
/// a kind of step that we understand.
Json* follow(Json& from, const Json& step, bool& known) {
  const Json* const kind = step.find("type");
  const Json* key = step.find("value");
  known = kind != nullptr && kind->is_string() && key != nullptr;
  if (!known) return nullptr;
  if (kind->string() == "index") {
    key = key->find("value");
    known = key != nullptr;
  } else {
    known = kind->string() == "get_attr";
  }
  if (!known) return nullptr;
  if (key->is_string() && from.is_object()) {
    const auto found = from.object_members().find(key->string());
    return found == from.object_members().end() ? nullptr : &found->second;
  }
  if (key->is_number() && from.is_array()) {
    const std::string& text = key->number().text;
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    known = error == std::errc() && end == text.data() + text.size();
    return known && index < from.size() ? &from.array_items()[index] : nullptr;
  }
  known = from.is_null();  // what isn't there needs no hiding; an item of a set can't be told from the others
  return nullptr;
}

using Values = std::set<std::string, std::less<>>;

void collect_strings(const Json& value, Values& out) {
  if (value.is_string()) {
    if (value.string().size() >= kMinRedacted) out.insert(value.string());
  } else if (value.is_array()) {
    for (const Json& item : value.array_items()) collect_strings(item, out);
  } else if (value.is_object()) {
    for (const auto& [name, member] : value.object_members()) collect_strings(member, out);
  }
}

void hide(Json& attributes, const Json& path, Values& hidden) {
  Json* at = &attributes;
  bool known = path.is_array();
  for (std::size_t i = 0; known && i < path.size(); ++i) {
    Json* const next = follow(*at, path.array_items()[i], known);
    if (next != nullptr) {
      at = next;
    } else if (known) {
      return;
    }
  }
  collect_strings(*at, hidden);
  *at = Json();
}

void hide_equal(Json& value, const Values& hidden) {
  if (value.is_string()) {
    if (hidden.contains(value.string())) value = Json();
  } else if (value.is_array()) {
    for (Json& item : value.array_items()) hide_equal(item, hidden);
  } else if (value.is_object()) {
    for (auto& [name, member] : value.object_members()) hide_equal(member, hidden);
  }
}

}  // namespace

void unwrap_dynamic(Json& attributes) {
  if (!attributes.is_object()) return;
  for (auto& [name, attribute] : attributes.object_members()) {
    if (attribute.size() != 2) continue;
    const Json* const type = attribute.find("type");
    const Json* const value = attribute.find("value");
    if (type == nullptr || value == nullptr || !is_type(*type)) continue;
    Json inner = std::move(attribute["value"]);
    attribute = std::move(inner);
  }
}

void hide_sensitive(Json& attributes, const Json& sensitive) {
  if (sensitive.is_null()) return;
  Values hidden;
  if (!sensitive.is_array()) return hide(attributes, sensitive, hidden);
  for (const Json& path : sensitive.array_items()) hide(attributes, path, hidden);
  if (!hidden.empty()) hide_equal(attributes, hidden);
}

}  // namespace slipway::state
