#include "runner/plan/value_reader.h"

#include "core/crypto.h"

#include <algorithm>

namespace slipway::runner {
namespace {

constexpr std::size_t kTagDigits = 16;
const Json kNothing = false;  // a mask that covers nothing
const Json kNull;

bool covers_all(const Json& mask) { return mask.is_bool() && mask.boolean(); }

const Json& mask_of(const Json& mask, std::string_view key) {
  const Json* below = mask.find(key);
  return below != nullptr ? *below : kNothing;
}

const Json& mask_of(const Json& mask, std::size_t index) {
  return mask.is_array() && index < mask.size() ? mask.array_items()[index] : kNothing;
}

}  // namespace

bool covers_any(const Json& mask) {
  if (mask.is_bool()) return mask.boolean();
  if (mask.is_array()) return std::any_of(mask.array_items().begin(), mask.array_items().end(), covers_any);
  if (!mask.is_object()) return false;
  const auto& members = mask.object_members();
  return std::any_of(members.begin(), members.end(),
                     [](const auto& member) { return covers_any(member.second); });
}

PlanValue ValueReader::read(const Json& value, const Json& unknown, const Json& sensitive) const {
  if (covers_all(sensitive)) return hidden(value, unknown);
  if (covers_all(unknown)) return PlanValue::Value(PlanValue::Unknown{});
  // What is unknown as a whole is left out of its parent, or null; only its mask has its shape then.
  const bool as_object = value.is_object() || (value.is_null() && unknown.is_object() && covers_any(unknown));
  const bool as_list = value.is_array() || (value.is_null() && unknown.is_array() && covers_any(unknown));
  if (covers_any(sensitive) && !(as_object ? sensitive.is_object() : as_list && sensitive.is_array()))
    return hidden(value, unknown);
  if (covers_any(unknown) && !(as_object ? unknown.is_object() : as_list && unknown.is_array()))
    return PlanValue::Value(PlanValue::Unknown{});
  if (as_object) return read_object(value, unknown, sensitive);
  if (as_list) return read_list(value, unknown, sensitive);
  if (value.is_string() && known_.knows(value.string())) return hidden(value, unknown);
  return PlanValue::plain(value);
}

PlanValue ValueReader::read_object(const Json& value, const Json& unknown, const Json& sensitive) const {
  PlanValue::Map map;
  if (value.is_object()) {
    for (const auto& [key, item] : value.object_members())
      map.emplace_hint(map.end(), key, read(item, mask_of(unknown, key), mask_of(sensitive, key)));
  }
  if (unknown.is_object()) {
    for (const auto& [key, mask] : unknown.object_members())
      if (covers_any(mask) && value.find(key) == nullptr)
        map.emplace(key, read(nullptr, mask, mask_of(sensitive, key)));
  }
  return PlanValue::Value(std::move(map));
}

PlanValue ValueReader::read_list(const Json& value, const Json& unknown, const Json& sensitive) const {
  PlanValue::List list;
  const std::size_t size = value.is_array() ? value.size() : unknown.size();
  list.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    const Json& item = value.is_array() ? value.array_items()[i] : kNull;
    list.push_back(read(item, mask_of(unknown, i), mask_of(sensitive, i)));
  }
  return PlanValue::Value(std::move(list));
}

PlanValue ValueReader::hidden(const Json& value, const Json& unknown) const {
  if (covers_all(unknown)) return PlanValue::Value(PlanValue::Sensitive{});
  std::string bytes = value.dump();
  if (covers_any(unknown))
    bytes += unknown.dump();
  else if (value.is_null())
    return {};  // that nothing is set is no secret
  return PlanValue::Value(
      PlanValue::Sensitive{to_hex(hmac_sha256(tag_key_.reveal(), bytes)).substr(0, kTagDigits)});
}

std::string ValueReader::key_id() const {
  return to_hex(hmac_sha256(tag_key_.reveal(), "key id")).substr(0, kTagDigits);
}

}  // namespace slipway::runner
