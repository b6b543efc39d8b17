#include "core/plan_value.h"

namespace slipway {
namespace {

constexpr std::string_view kUnknown = "$unknown";
constexpr std::string_view kSensitive = "$sensitive";

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

template <class Convert>
Json write_list(const PlanValue::List& list, Convert&& convert) {
  Json::Array out;
  for (const PlanValue& item : list) out.push_back(convert(item));
  return out;
}

PlanValue read(const Json& json, bool decode) {
  if (json.is_null()) return {};
  if (json.is_bool()) return PlanValue::Value(json.boolean());
  if (json.is_number()) return PlanValue::Value(json.number());
  if (json.is_string()) return PlanValue::Value(json.string());
  if (json.is_array()) {
    PlanValue::List list;
    for (const Json& item : json.array_items()) list.push_back(read(item, decode));
    return PlanValue::Value(std::move(list));
  }
  if (decode && json.size() == 1) {
    if (json.find(kUnknown) != nullptr) return PlanValue::Value(PlanValue::Unknown{});
    if (const Json* tag = json.find(kSensitive); tag != nullptr && tag->is_string())
      return PlanValue::Value(PlanValue::Sensitive{tag->string()});
  }
  PlanValue::Map map;
  for (const auto& [key, item] : json.object_members())
    map.emplace(decode && key.starts_with('$') ? key.substr(1) : key, read(item, decode));
  return PlanValue::Value(std::move(map));
}

}  // namespace

Json PlanValue::to_json() const {
  return std::visit(
      Overloaded{[](std::nullptr_t) { return Json(); }, [](bool value) { return Json(value); },
                 [](const Json::Number& value) { return Json(value); },
                 [](const std::string& value) { return Json(value); },
                 [](const List& list) {
                   return write_list(list, [](const PlanValue& item) { return item.to_json(); });
                 },
                 [](const Map& map) {
                   Json::Object out;
                   for (const auto& [key, item] : map)
                     out.emplace(key.starts_with('$') ? "$" + key : key, item.to_json());
                   return Json(std::move(out));
                 },
                 [](const Unknown&) { return Json::object({{std::string(kUnknown), true}}); },
                 [](const Sensitive& value) { return Json::object({{std::string(kSensitive), value.tag}}); }},
      value_);
}

PlanValue PlanValue::from_json(const Json& json) { return read(json, true); }

PlanValue PlanValue::plain(const Json& json) { return read(json, false); }

Json PlanValue::known() const {
  return std::visit(
      Overloaded{[](std::nullptr_t) { return Json(); }, [](bool value) { return Json(value); },
                 [](const Json::Number& value) { return Json(value); },
                 [](const std::string& value) { return Json(value); },
                 [](const List& list) {
                   return write_list(list, [](const PlanValue& item) { return item.known(); });
                 },
                 [](const Map& map) {
                   Json::Object out;
                   for (const auto& [key, item] : map) out.emplace(key, item.known());
                   return Json(std::move(out));
                 },
                 [](const Unknown&) { return Json(); }, [](const Sensitive&) { return Json(); }},
      value_);
}

}  // namespace slipway
