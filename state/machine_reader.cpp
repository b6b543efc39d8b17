#include "state/machine_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace slipway::state {
namespace {

constexpr std::size_t kMaxLabelValue = 2'048;  // bytes
constexpr std::size_t kMaxGroupName = 128;     // bytes
constexpr std::int64_t kMaxPort = 65'535;

/// The machine can't be made of this answer.
struct Unreadable {
  std::string why;
};

std::string shortened(const Json& value) {
  constexpr std::size_t kMaxShown = 80;
  std::string text = value.dump();
  if (text.size() <= kMaxShown) return text;
  std::size_t cut = kMaxShown;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U)
    --cut;  // never within a character
  return text.substr(0, cut) + "…";
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::optional<std::string> as_text(const Json& value) {
  if (value.is_string()) return value.string();
  if (value.is_number()) return value.number().text;
  if (value.is_bool()) return value.boolean() ? "true" : "false";
  return {};
}

/// Providers that know only maps of strings write ports as strings.
std::optional<std::int64_t> as_port(const Json& value) {
  const auto text = value.is_bool() ? std::nullopt : as_text(value);
  if (!text) return {};
  std::int64_t port = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), port);
  if (error != std::errc() || end != text->data() + text->size() || port < 1 || port > kMaxPort) return {};
  return port;
}

/// Reads the members of one answer; what is wrong in an item is a problem, what is wrong in all of it is
/// Unreadable.
class Reader {
 public:
  Reader(const RuleInput& input, const Json& answer, Problems& problems)
      : input_(input), answer_(answer), problems_(problems) {}

  bool matches() const {
    const Json::Array& got = yielded("when");
    return std::any_of(got.begin(), got.end(),
                       [](const Json& value) { return value != Json() && value != Json(false); });
  }

  Machine machine() const {
    Machine out;
    out.resource = input_.address;
    out.name = name();
    out.address = address();
    out.groups = groups();
    out.variables = variables();
    out.exporters = exporters();
    out.labels = labels("labels", single("labels"), false);
    return out;
  }

 private:
  const Json::Array& yielded(std::string_view member) const {
    const Json* const field = answer_.find(member);
    const Json* const got = field != nullptr ? field->find("got") : nullptr;
    if (got != nullptr && got->is_array()) return got->array_items();
    const Json* const failed = field != nullptr ? field->find("failed") : nullptr;
    throw Unreadable{
        fmt::format("`{}` failed: {}", member,
                    failed != nullptr && failed->is_string() ? failed->string() : "no reason was given")};
  }

  const Json& single(std::string_view member) const {
    static const Json none;
    const Json::Array& got = yielded(member);
    if (got.size() > 1)
      throw Unreadable{fmt::format("`{}` yields {} values instead of one", member, got.size())};
    return got.empty() ? none : got[0];
  }

  /// Lists and single values alike, one after the other.
  std::vector<const Json*> several(std::string_view member) const {
    std::vector<const Json*> out;
    for (const Json& value : yielded(member)) {
      if (value.is_array()) {
        for (const Json& item : value.array_items()) out.push_back(&item);
      } else if (!value.is_null()) {
        out.push_back(&value);
      }
    }
    return out;
  }

  std::string name() const {
    const Json& value = single("name");
    if (value.is_string() && is_machine_name(value.string())) return value.string();
    throw Unreadable{
        fmt::format("`name` yields {}; a machine's name is made of letters, digits, \".\", \"_\" and \"-\"",
                    shortened(value))};
  }

  std::string address() const {
    const Json& value = single("address");
    if (value.is_null() || value == Json("")) return {};  // not known yet
    if (value.is_string() && is_address(value.string())) return value.string();
    throw Unreadable{
        fmt::format("`address` yields {}, which is neither a host name nor an IP address", shortened(value))};
  }

  std::vector<std::string> groups() const {
    std::vector<std::string> out;
    for (const Json* value : several("groups")) {
      if (!value->is_string() || value->string().empty() || value->string().size() > kMaxGroupName ||
          has_control_characters(value->string())) {
        report(fmt::format("the group {} is left out: a group is a short text", shortened(*value)));
      } else if (std::find(out.begin(), out.end(), value->string()) == out.end()) {
        out.push_back(value->string());
      }
    }
    return out;
  }

  Json variables() const {
    const Json& value = single("variables");
    if (value.is_null()) return Json::object();
    if (!value.is_object())
      throw Unreadable{fmt::format("`variables` yields {} instead of a map", shortened(value))};
    return value;
  }

  /// `of_exporter`: parameters of the scrape are labels too.
  std::map<std::string, std::string> labels(std::string_view what, const Json& value,
                                            bool of_exporter) const {
    std::map<std::string, std::string> out;
    if (value.is_null()) return out;
    if (!value.is_object()) {
      report(fmt::format("{} are left out: {} is no map", what, shortened(value)));
      return out;
    }
    for (const auto& [name, member] : value.object_members()) {
      const bool parameter = of_exporter && name.starts_with("__param_");
      const auto text = as_text(member);
      if (!is_label_name(name) && !parameter) {
        report(fmt::format(
            "the label {} is left out: Prometheus takes letters, digits and \"_\", not beginning with a "
            "digit or with \"__\"",
            shortened(Json(name))));
      } else if (text && (text->size() > kMaxLabelValue || has_control_characters(*text))) {
        report(fmt::format(
            "the label \"{}\" is left out: its value is longer than {} bytes or has control characters", name,
            kMaxLabelValue));
      } else if (text) {
        out.emplace(name, *text);
      } else if (!member.is_null()) {
        report(fmt::format("the label \"{}\" is left out: {} is no text", name, shortened(member)));
      }
    }
    return out;
  }

  std::vector<Exporter> exporters() const {
    std::vector<Exporter> out;
    for (const Json* value : several("exporters")) {
      auto exporter = read_exporter(*value);
      if (!exporter) continue;
      const bool doubled = std::any_of(out.begin(), out.end(), [&](const Exporter& other) {
        return other.port == exporter->port && other.metrics_path == exporter->metrics_path &&
               other.labels == exporter->labels;
      });
      if (doubled) {
        report(fmt::format("an exporter at port {} is left out: it is there twice", exporter->port));
      } else {
        out.push_back(*std::move(exporter));
      }
    }
    return out;
  }

  std::optional<Exporter> read_exporter(const Json& value) const {
    const Json* const port_value = value.is_object() ? value.find("port") : &value;
    const auto port = port_value != nullptr ? as_port(*port_value) : std::nullopt;
    if (!port) {
      report(fmt::format("the exporter {} is left out: its port is no number from 1 to {}", shortened(value),
                         kMaxPort));
      return {};
    }
    Exporter out;
    out.port = *port;
    out.job = text_member(value, "job");
    out.scheme = text_member(value, "scheme");
    out.metrics_path = text_member(value, "metrics_path");
    if (!out.scheme.empty() && out.scheme != "http" && out.scheme != "https") {
      report(fmt::format("the exporter at port {} is left out: its scheme is {}, not http or https", *port,
                         shortened(Json(out.scheme))));
      return {};
    }
    if (!out.metrics_path.empty() &&
        (out.metrics_path[0] != '/' || has_control_characters(out.metrics_path))) {
      report(fmt::format("the exporter at port {} is left out: its metrics_path {} does not begin with \"/\"",
                         *port, shortened(Json(out.metrics_path))));
      return {};
    }
    if (const Json* const found = value.find("labels")) {
      out.labels = labels(fmt::format("the labels of the exporter at port {}", *port), *found, true);
    }
    return out;
  }

  static std::string text_member(const Json& value, std::string_view member) {
    const Json* const found = value.find(member);
    return found != nullptr && found->is_string() ? found->string() : std::string();
  }

  void report(std::string_view what) const { problems_.add(fmt::format("{}: {}.", input_.address, what)); }

  const RuleInput& input_;
  const Json& answer_;
  Problems& problems_;
};

}  // namespace

void Problems::add(std::string sentence) {
  if (sentences_.size() < kMaxMachineProblems) {
    sentences_.push_back(std::move(sentence));
  } else {
    ++left_out_;
  }
}

std::vector<std::string> Problems::take() {
  if (left_out_ > 0) sentences_.push_back(fmt::format("… and {} more like these.", left_out_));
  left_out_ = 0;
  return std::exchange(sentences_, {});
}

Reading read_machine(const RuleInput& input, const Json& answer, Problems& problems) {
  const Reader reader(input, answer, problems);
  try {
    if (!reader.matches()) return {};
    return {reader.machine(), false};
  } catch (const Unreadable& unreadable) {
    problems.add(fmt::format("{}: {}.", input.address, unreadable.why));
    return {{}, true};
  }
}

}  // namespace slipway::state
