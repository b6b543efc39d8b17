#include "templates/policy_section.h"

#include "templates/characters.h"
#include "templates/limits.h"
#include "templates/next_step.h"
#include "templates/sentences.h"

#include <algorithm>

namespace slipway::templates {
namespace {

constexpr std::size_t kMaxMessages = 10;  // of one policy

struct Tally {
  std::size_t passed = 0;
  std::size_t warned = 0;
  std::size_t denied = 0;
  std::size_t unasked = 0;
  std::size_t overridden = 0;
};

Tally tally(const std::vector<Verdict>& verdicts) {
  Tally out;
  for (const Verdict& verdict : verdicts) {
    if (!verdict.overridden_by.empty()) {
      ++out.overridden;
      continue;
    }
    switch (verdict.outcome) {
      case PolicyOutcome::Pass:
        ++out.passed;
        break;
      case PolicyOutcome::Warn:
        ++out.warned;
        break;
      // What an advisory policy denies is advice.
      case PolicyOutcome::Deny:
        ++(verdict.level == PolicyLevel::Advisory ? out.warned : out.denied);
        break;
      case PolicyOutcome::Error:
        ++out.unasked;
        break;
    }
  }
  return out;
}

/// What is to be done about a verdict.
Inline consequence(const Verdict& verdict, const std::string& command) {
  if (!verdict.overridden_by.empty())
    return sentence("policy.overridden", {{"who", code(shortened(verdict.overridden_by, kMaxName))}});
  if (verdict.outcome == PolicyOutcome::Error)
    return sentence("policy.ask_again", {{"command", words(command)}});
  if (!verdict.blocks()) return sentence("policy.advice");
  if (verdict.level == PolicyLevel::Mandatory) return sentence("policy.mandatory");
  const Blank approve{"approve", words(command + " approve " + verdict.policy)};
  if (verdict.owners.empty()) return sentence("policy.may_override", {approve});
  return sentence("policy.owners_may_override", {approve, {"owners", owners_text(verdict)}});
}

std::string_view headline(const Verdict& verdict) {
  if (!verdict.overridden_by.empty()) return "policy.denied_and_overridden";
  if (verdict.outcome == PolicyOutcome::Error) return "policy.unasked";
  return verdict.outcome == PolicyOutcome::Deny && verdict.level != PolicyLevel::Advisory ? "policy.denied"
                                                                                          : "policy.warned";
}

void add_verdict(const Verdict& verdict, const std::string& command, Blocks& out) {
  const Inline name = code(shortened(verdict.policy, kMaxName));
  out.push_back({Paragraph{sentence(headline(verdict), {{"policy", name}}) + words(" ") +
                           consequence(verdict, command)}});
  std::vector<Inline> messages;
  for (std::size_t i = 0; i < std::min(verdict.messages.size(), kMaxMessages); ++i)
    messages.push_back(clause(verdict.messages[i]));
  if (verdict.messages.size() > kMaxMessages)
    messages.push_back(words(grouped(verdict.messages.size() - kMaxMessages) + " more"));
  if (!messages.empty()) out.push_back({BulletList{std::move(messages)}});
}

int gravity(const Verdict& verdict) {
  if (verdict.blocks()) return verdict.outcome == PolicyOutcome::Deny ? 0 : 1;
  return verdict.overridden_by.empty() ? 2 : 3;
}

}  // namespace

Inline policy_cell(const std::vector<Verdict>& verdicts) {
  if (verdicts.empty()) return words("–");
  const Tally sum = tally(verdicts);
  if (sum.denied > 0) return words("⛔ " + grouped(sum.denied) + " denied");
  if (sum.unasked > 0) return words("⛔ " + grouped(sum.unasked) + " could not be asked");
  std::string text;
  const auto add = [&](std::size_t number, std::string_view what) {
    if (number > 0) text += (text.empty() ? "" : ", ") + grouped(number) + " " + std::string(what);
  };
  add(sum.passed, "passed");
  add(sum.overridden, "overridden");
  add(sum.warned, sum.warned == 1 ? "warning" : "warnings");
  return words((sum.warned > 0 ? "⚠️ " : "✅ ") + text);
}

Blocks policy_section(const std::vector<Verdict>& verdicts, const std::string& command) {
  std::vector<const Verdict*> shown;
  for (const Verdict& verdict : verdicts)
    if (verdict.outcome != PolicyOutcome::Pass) shown.push_back(&verdict);
  std::stable_sort(shown.begin(), shown.end(),
                   [](const Verdict* a, const Verdict* b) { return gravity(*a) < gravity(*b); });
  Blocks out;
  for (std::size_t i = 0; i < std::min(shown.size(), kMaxListed); ++i) add_verdict(*shown[i], command, out);
  if (shown.size() > kMaxListed)
    out.push_back({Paragraph{words(grouped(shown.size() - kMaxListed) + " more policies did not pass.")}});
  return out;
}

}  // namespace slipway::templates
