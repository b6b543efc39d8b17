#include "templates/value_text.h"

#include "templates/characters.h"
#include "templates/limits.h"
#include "templates/visit.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::templates {
namespace {

using List = PlanValue::List;
using Map = PlanValue::Map;
using Unknown = PlanValue::Unknown;
using Sensitive = PlanValue::Sensitive;

constexpr std::size_t kMaxJsonString = 1u << 20;
constexpr std::size_t kBrief = 60;
constexpr std::size_t kShownBeforeDifference = 40;  // bytes

bool identifier(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && (letter(name.front()) || name.front() == '-') &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-'; });
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// Writes a value on one line and gives up when it gets too long.
class InlineWriter {
 public:
  explicit InlineWriter(std::size_t most) : most_(most) {}

  bool write(const PlanValue& value) {
    if (out_.size() > most_ * 4) return false;  // four bytes a code point at most
    return std::visit(Cases{[&](std::nullptr_t) { return put("null"); },
                            [&](bool yes) { return put(yes ? "true" : "false"); },
                            [&](const Json::Number& number) { return put(number.text); },
                            [&](const std::string& text) { return write_string(value, text); },
                            [&](const List& list) { return write_list(list); },
                            [&](const Map& map) { return write_map(map); },
                            [&](const Unknown&) { return put(kUnknownText); },
                            [&](const Sensitive&) { return put(kSensitiveText); }},
                      value.value());
  }

  std::optional<std::string> take() {
    if (columns(visible(out_)) > most_) return {};
    return std::move(out_);
  }

 private:
  bool put(std::string_view text) {
    out_ += text;
    return true;
  }

  bool write_string(const PlanValue& value, const std::string& text) {
    if (text.size() > most_ * 4 || has_lines(value)) return false;
    if (const auto json = held_json(value)) return put("jsonencode(") && write(*json) && put(")");
    return put(quoted(text));
  }

  bool write_list(const List& list) {
    put("[");
    for (std::size_t i = 0; i < list.size(); ++i)
      if (!put(i == 0 ? "" : ", ") || !write(list[i])) return false;
    return put("]");
  }

  bool write_map(const Map& map) {
    bool first = true;
    for (const auto& [name, item] : map) {
      if (item.is_null()) continue;
      put(first ? "{ " : ", ");
      put(name_text(name));
      put(" = ");
      if (!write(item)) return false;
      first = false;
    }
    return put(first ? "{}" : " }");
  }

  std::size_t most_;
  std::string out_;
};

}  // namespace

std::string quoted(std::string_view text) {
  if (text.size() <= kMaxString) return '"' + escaped(text) + '"';
  const std::string start = shortened(text, kMaxString);
  if (start.size() >= text.size()) return '"' + escaped(text) + '"';
  return '"' + escaped(start) + "\" # " + grouped(text.size()) + " bytes";
}

QuotedPair quoted_around_difference(std::string_view before, std::string_view after) {
  if (before.size() <= kMaxString && after.size() <= kMaxString) return {quoted(before), quoted(after)};
  const auto differ = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  auto at = static_cast<std::size_t>(differ.first - before.begin());
  at = at > kShownBeforeDifference ? at - kShownBeforeDifference : 0;
  // Not into the middle of a character: both texts are the same up to here.
  while (at > 0 && at < before.size() && (static_cast<unsigned char>(before[at]) & 0xc0) == 0x80) --at;
  const auto cut = [&](std::string_view text) {
    const std::string part = (at > 0 ? "…" : "") + std::string(text.substr(std::min(at, text.size())));
    return '"' + escaped(shortened(part, kMaxString)) + "\" # " + grouped(text.size()) + " bytes";
  };
  return {cut(before), cut(after)};
}

std::string name_text(std::string_view name) {
  return identifier(name) ? std::string(name) : '"' + escaped(shortened(name, kMaxName)) + '"';
}

std::string member_path(std::string_view path, std::string_view name) {
  if (!identifier(name)) return fmt::format("{}[{}]", path, Json(name).dump());
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

std::string element_path(std::string_view path, std::size_t index) {
  return fmt::format("{}[{}]", path, index);
}

std::optional<std::string> inline_value(const PlanValue& value, std::size_t most) {
  InlineWriter writer(most);
  if (!writer.write(value)) return {};
  return writer.take();
}

std::string brief_value(const PlanValue& value) {
  if (auto text = inline_value(value, kBrief)) return *text;
  if (const List* list = value.list())
    return fmt::format("[{}]", counted(list->size(), "element", "elements"));
  if (const Map* map = value.map())
    return fmt::format("{{{}}}", counted(map->size(), "attribute", "attributes"));
  if (const std::string* text = value.string()) return '"' + escaped(shortened(*text, kBrief)) + '"';
  return inline_value(value, kMaxString).value_or("…");  // a number of many digits
}

std::optional<PlanValue> held_json(const PlanValue& value) {
  const std::string* text = value.string();
  if (text == nullptr || text->size() > kMaxJsonString) return {};
  const auto first = text->find_first_not_of(" \t\r\n");
  if (first == std::string::npos || ((*text)[first] != '{' && (*text)[first] != '[')) return {};
  const auto json = parse_json(*text);
  if (!json || json->size() == 0) return {};
  return PlanValue::plain(*json);
}

bool has_lines(const PlanValue& value) {
  const std::string* text = value.string();
  return text != nullptr && text->find('\n') != std::string::npos && !held_json(value);
}

bool holds_sensitive(const PlanValue& value) {
  if (const List* list = value.list()) return std::any_of(list->begin(), list->end(), holds_sensitive);
  if (const Map* map = value.map())
    return std::any_of(map->begin(), map->end(),
                       [](const auto& member) { return holds_sensitive(member.second); });
  return value.is_sensitive();
}

bool unchanged(const PlanValue& before, const PlanValue& after) {
  if (const auto* sensitive = std::get_if<Sensitive>(&after.value()))
    return !sensitive->tag.empty() && before == after;
  const List* before_list = before.list();
  const List* after_list = after.list();
  if (before_list != nullptr && after_list != nullptr)
    return std::equal(before_list->begin(), before_list->end(), after_list->begin(), after_list->end(),
                      unchanged);
  const Map* before_map = before.map();
  const Map* after_map = after.map();
  if (before_map == nullptr || after_map == nullptr) return !after.is_unknown() && before == after;
  // A member that is null and one that is missing are the same to Terraform's objects.
  const auto covered = [](const Map& some, const Map& others) {
    return std::all_of(some.begin(), some.end(), [&](const auto& member) {
      const auto found = others.find(member.first);
      return found == others.end() ? member.second.is_null() : unchanged(member.second, found->second);
    });
  };
  return covered(*before_map, *after_map) &&
         std::all_of(after_map->begin(), after_map->end(), [&](const auto& member) {
           return member.second.is_null() || before_map->contains(member.first);
         });
}

}  // namespace slipway::templates
