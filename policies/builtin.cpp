#include "policies/builtin.h"

#include "core/failure.h"
#include "policies/jq_call.h"
#include "policies/shipped_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace slipway::policies {
namespace {

/// YAML's plain scalars as jq expects them: 3 is a number and true is no text.
Json to_json(const Settings& settings) {
  if (settings.is_map()) {
    Json out = Json::object();
    for (const auto& [name, member] : settings.map()) out[name] = to_json(member);
    return out;
  }
  if (settings.is_list()) {
    Json out = Json::array();
    for (const Settings& item : settings.list()) out.push_back(to_json(item));
    return out;
  }
  if (settings.is_null()) return {};
  const std::string& text = settings.scalar();
  if (text == "true" || text == "false") return text == "true";
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? Json(number) : Json(text);
}

Rule rule_of(const Settings& settings) {
  Rule rule;
  if (const Settings* used = settings.find("use")) {
    const ShippedRule* const shipped = find_shipped_rule(used->scalar());
    if (shipped == nullptr) {
      std::vector<std::string_view> names;
      for (const ShippedRule& known : shipped_rules()) names.push_back(known.name);
      used->refuse(fmt::format("there is no shipped rule \"{}\"; there are: {}", used->scalar(),
                               fmt::join(names, ", ")));
    }
    rule.deny = shipped->text;
  }
  rule.deny = settings.string_or("deny", rule.deny);
  rule.warn = settings.string_or("warn", rule.warn);
  if (const Settings* with = settings.find("with")) rule.with = to_json(*with);
  return rule;
}

/// Each text begins on a line of its own, so that lines of errors can be told from one another.
std::string program_of(const Rule& rule) {
  return fmt::format(
      "def messages_of_deny: {}\n;\ndef messages_of_warn: {}\n;\n"
      "{{deny: [limit({}; messages_of_deny)], warn: [limit({}; messages_of_warn)]}}",
      rule.deny, rule.warn, kMaxMessages + 1, kMaxMessages + 1);
}

std::string shortened(std::string text) {
  if (text.size() <= kMaxMessageBytes) return text;
  std::size_t cut = kMaxMessageBytes;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U)
    --cut;  // never within a character
  return text.substr(0, cut) + "…";
}

/// The rule could not be asked, or answered with something that is no message.
struct NoMessage {
  std::string why;
};

std::string kind_of(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_bool()) return value.boolean() ? "true" : "false";
  if (value.is_number()) return "the number " + value.number().text;
  return value.is_array() ? "a list" : "an object";
}

std::vector<std::string> messages(std::string_view key, const Json& answer) {
  std::vector<std::string> out;
  for (const Json& value : answer.find(key)->array_items()) {
    if (!value.is_string()) {
      throw NoMessage{
          fmt::format("`{}` yields {}, but what it yields are messages: write select(CONDITION) | \"…\"", key,
                      kind_of(value))};
    }
    out.push_back(value.string().empty() ? "(without a message)" : shortened(value.string()));
  }
  if (out.size() > kMaxMessages) {
    out.resize(kMaxMessages);
    out.emplace_back("… and more than these");
  }
  return out;
}

void ask(Children& children, const JqCall& call, std::stop_token stop, Verdict& verdict) {
  const auto answers = run_jq(children, call, std::move(stop));
  if (!answers) throw NoMessage{answers.error().text()};
  const Json& answer = answers->front().at(0);
  const std::vector<std::string> warnings = messages("warn", answer);
  verdict.messages = messages("deny", answer);
  if (!verdict.messages.empty()) {
    verdict.outcome = PolicyOutcome::Deny;
  } else if (!warnings.empty()) {
    verdict.outcome = PolicyOutcome::Warn;
  }
  verdict.messages.insert(verdict.messages.end(), warnings.begin(), warnings.end());
}

void fail(Verdict& verdict, std::string why) {
  verdict.outcome = PolicyOutcome::Error;
  verdict.messages = {shortened(std::move(why))};
}

class Builtin final : public PolicyEngine {
 public:
  explicit Builtin(Children& children) : children_(children) {}

  Verdict evaluate(const PlanDocument& document, const Policy& policy, std::stop_token stop) override {
    Verdict verdict;
    try {
      verdict = judge(children_, document, rule_of(policy.settings), std::move(stop));
    } catch (const SettingsError& wrong) {
      fail(verdict, wrong.what());
    }
    verdict.policy = policy.name;
    verdict.level = policy.level;
    verdict.owners = policy.owners;
    return verdict;
  }

  std::string check(const Policy& policy) override {
    const Rule rule = rule_of(policy.settings);
    for (const auto& [key, text] : {std::pair("deny", rule.deny), std::pair("warn", rule.warn)}) {
      JqCall call;
      call.program = text;
      call.arguments["with"] = rule.with;
      const auto compiled = run_jq(children_, call, {});
      if (!compiled) return fmt::format("`{}` is no jq expression: {}", key, compiled.error().text());
    }
    return {};
  }

 private:
  Children& children_;
};

}  // namespace

Verdict judge(Children& children, const PlanDocument& document, const Rule& rule, std::stop_token stop) {
  JqCall call;
  call.program = program_of(rule);
  call.arguments["with"] = rule.with;
  call.document = document.path;
  Verdict verdict;
  try {
    ask(children, call, std::move(stop), verdict);
  } catch (const NoMessage& no_message) {
    fail(verdict, no_message.why);
  } catch (const Failure& failure) {
    fail(verdict, failure.what());
  }
  return verdict;
}

std::unique_ptr<PolicyEngine> make_builtin(Children& children) { return std::make_unique<Builtin>(children); }

void read_builtin(Policy& policy) {
  const Settings& entry = policy.settings;
  entry.only({"name", "engine", "level", "owners", "deny", "warn", "use", "with"});
  if (entry.find("use") != nullptr && entry.find("deny") != nullptr) {
    entry.refuse("`use` and `deny` are two rules: make two policies of them");
  }
  if (entry.find("use") == nullptr && entry.find("deny") == nullptr && entry.find("warn") == nullptr) {
    entry.refuse("a policy needs a rule: write `deny:`, `warn:` or `use:`");
  }
  const Rule rule = rule_of(entry);
  policy.source = Json::object({{"deny", rule.deny}, {"warn", rule.warn}, {"with", rule.with}}).dump();
}

}  // namespace slipway::policies
