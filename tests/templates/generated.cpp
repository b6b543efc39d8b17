#include "tests/templates/generated.h"

#include <array>

namespace slipway::templates {
namespace {

using List = PlanValue::List;
using Map = PlanValue::Map;

constexpr std::array<std::string_view, 14> kNames = {"name", "id",        "image",  "size_gb", "tags",
                                                     "disk", "port",      "labels", "rules",   "a b",
                                                     "@all", "user_data", "x<y>z",  "é"};
constexpr std::array<std::string_view, 12> kWords = {"web-02",     "10.0.0.1", "@acme/dba", "```",
                                                     "</details>", "서울",     "\u202etxt", "|",
                                                     "rocky-9",    "",         "\x1b[31m",  "-->"};

}  // namespace

std::string PlanGenerator::name() { return std::string(kNames.at(below(kNames.size()))); }

std::string PlanGenerator::text() {
  if (one_in(12))
    return R"({"Statement": [{"Effect": "Allow", "Action": ")" + std::to_string(below(9)) + "\"}]}";
  std::string out(kWords.at(below(kWords.size())));
  const std::size_t more = one_in(6) ? below(12) : 0;
  for (std::size_t i = 0; i < more; ++i) {
    out += one_in(2) ? "\n" : " ";
    out += kWords.at(below(kWords.size()));
  }
  if (one_in(40)) out += std::string(below(5'000), 'x');
  return out;
}

Map PlanGenerator::object(int depth) {
  Map out;
  for (std::size_t i = below(6) + 1; i > 0; --i) out.insert_or_assign(name(), value(depth - 1));
  return out;
}

PlanValue PlanGenerator::value(int depth) {
  switch (below(depth > 0 ? 11 : 8)) {
    case 0:
      return {};
    case 1:
      return PlanValue::Value(one_in(2));
    case 2:
      return PlanValue::Value(Json::Number{std::to_string(below(1'000))});
    case 3:
      return PlanValue::Value(PlanValue::Sensitive{std::string(kTag) + std::to_string(below(100))});
    case 8: {
      List list;
      for (std::size_t i = below(5); i > 0; --i) list.push_back(value(depth - 1));
      return PlanValue::Value(std::move(list));
    }
    case 9: {
      List list;  // objects of one shape, as blocks are
      for (std::size_t i = below(4); i > 0; --i)
        list.push_back(PlanValue::Value(
            Map{{"name", PlanValue::Value(text())}, {"port", value(0)}, {"tags", value(depth - 1)}}));
      return PlanValue::Value(std::move(list));
    }
    case 10:
      return PlanValue::Value(object(depth));
    default:
      return PlanValue::Value(text());
  }
}

PlanValue PlanGenerator::changed(const PlanValue& from, int depth) {
  if (one_in(8)) return PlanValue::Value(PlanValue::Unknown{});
  if (one_in(8)) return value(depth);
  if (const Map* map = from.map()) {
    Map out = *map;
    for (auto& [key, member] : out)
      if (one_in(3)) member = changed(member, depth - 1);
    if (one_in(4)) out.insert_or_assign(name(), value(depth - 1));
    if (one_in(4) && !out.empty()) out.erase(out.begin());
    return PlanValue::Value(std::move(out));
  }
  if (const List* list = from.list()) {
    List out = *list;
    for (PlanValue& item : out)
      if (one_in(3)) item = changed(item, depth - 1);
    if (one_in(3))
      out.insert(out.begin() + static_cast<std::ptrdiff_t>(below(out.size() + 1)), value(depth - 1));
    if (one_in(4) && !out.empty()) out.erase(out.begin());
    return PlanValue::Value(std::move(out));
  }
  if (from.string() != nullptr && one_in(2)) return PlanValue::Value(*from.string() + text());
  return value(depth);
}

ResourceChange PlanGenerator::change(std::size_t number) {
  constexpr std::array kActions = {Action::NoOp,   Action::Create,           Action::Read,
                                   Action::Update, Action::Update,           Action::Delete,
                                   Action::Forget, Action::DeleteThenCreate, Action::CreateThenDelete};
  ResourceChange out;
  out.type = "hci_instance";
  out.name = "r" + std::to_string(number);
  out.address = "hci_instance." + out.name + (one_in(3) ? "[\"" + text() + "\"]" : "");
  out.action = kActions.at(below(kActions.size()));
  out.digest = std::to_string(below(3));
  if (out.action == Action::NoOp || one_in(10))
    out.previous_address = "hci_instance.old" + std::to_string(number);
  if (one_in(12)) out.importing_id = text();
  const PlanValue before = PlanValue::Value(object(3));
  const bool has_before = out.action != Action::Create && out.action != Action::Read;
  const bool has_after = out.action != Action::Delete && out.action != Action::Forget;
  const PlanValue after = out.action == Action::NoOp ? before : changed(PlanValue::Value(*before.map()), 3);
  if (replaces(out.action)) out.replace_paths.emplace_back(before.map()->begin()->first);
  out.body = ResourceChange::Body{has_before ? before : PlanValue(),
                                  has_after ? (after.map() != nullptr ? after : before) : PlanValue()};
  if (one_in(25)) out.body.reset();
  return out;
}

Plan PlanGenerator::plan(std::size_t changes) {
  Plan out;
  for (std::size_t i = 0; i < changes; ++i) out.changes.push_back(change(i));
  for (std::size_t i = below(4); i > 0; --i) {
    OutputChange output;
    output.name = "o" + std::to_string(i);
    output.before = value(2);
    output.after = changed(output.before, 2);
    output.action = output.before.is_null()  ? Action::Create
                    : output.after.is_null() ? Action::Delete
                                             : Action::Update;
    out.outputs.push_back(std::move(output));
  }
  for (std::size_t i = below(3); i > 0; --i) out.drift.push_back(change(1'000 + i));
  out.counts = count(out.changes, out.outputs);
  return out;
}

}  // namespace slipway::templates
