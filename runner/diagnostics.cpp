#include "runner/diagnostics.h"

#include "core/json_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace slipway::runner {
namespace {

Diagnostic read_diagnostic(const JsonReader& in) {
  Diagnostic diagnostic;
  diagnostic.error = in["severity"].string_or("error") == "error";
  diagnostic.summary = in["summary"].string_or("");
  diagnostic.detail = in["detail"].string_or("");
  diagnostic.address = in["address"].string_or("");
  diagnostic.file = in["range"]["filename"].string_or("");
  diagnostic.line = in["range"]["start"]["line"].integer_or(0);
  diagnostic.code = in["snippet"]["code"].string_or("");
  return diagnostic;
}

/// Whole seconds: a version that tells fractions is understood too.
std::int64_t seconds_in(const JsonReader& hook) {
  const JsonReader elapsed = hook["elapsed_seconds"];
  if (elapsed.empty() || !elapsed.value().is_number()) return 0;
  const std::string& text = elapsed.value().number().text;
  std::int64_t seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return seconds;
}

template <class Step>
Step timed_step(const JsonReader& hook) {
  return {hook["resource"]["addr"].string_or(""), hook["action"].string_or(""), seconds_in(hook)};
}

decltype(UiEvent::what) read_kind(const JsonReader& in) {
  const std::string type = in["type"].string_or("");
  const JsonReader hook = in["hook"];
  if (type == "diagnostic") return read_diagnostic(in["diagnostic"]);
  if (type == "apply_start")
    return ApplyStart{hook["resource"]["addr"].string_or(""), hook["action"].string_or("")};
  if (type == "apply_progress") return timed_step<ApplyProgress>(hook);
  if (type == "apply_complete") return timed_step<ApplyComplete>(hook);
  if (type == "apply_errored") return timed_step<ApplyErrored>(hook);
  if (type == "provision_progress")
    return ProvisionOutput{hook["resource"]["addr"].string_or(""), hook["provisioner"].string_or(""),
                           hook["output"].string_or("")};
  if (type == "state_lock_acquire") return StateLockWait{};
  if (type == "change_summary") {
    const JsonReader changes = in["changes"];
    return ChangeSummary{changes["operation"].string_or(""), changes["add"].integer_or(0),
                         changes["change"].integer_or(0), changes["remove"].integer_or(0),
                         changes["import"].integer_or(0)};
  }
  return Said{};
}

std::string on_one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!space) out += c;
    if (space && !out.empty() && out.back() != ' ') out += ' ';
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string first_sentence(std::string_view text) {
  const std::string line = on_one_line(text.substr(0, text.find("\n\n")));
  const std::string_view sentence = std::string_view(line).substr(0, line.find(". "));
  return std::string(sentence.ends_with('.') ? sentence.substr(0, sentence.size() - 1) : sentence);
}

/// Within a sentence a word is small, unless it is a name ("HTTP …").
std::string within_sentence(std::string text) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (text.size() > 1 && upper(text[0]) && !upper(text[1])) text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

void cut(std::string& text, std::size_t limit) {
  if (text.size() <= limit) return;
  std::size_t end = limit - std::string_view("…").size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  text += "…";
}

std::size_t count_distinct_errors(const std::vector<Diagnostic>& diagnostics) {
  std::size_t count = 0;
  for (auto at = diagnostics.begin(); at != diagnostics.end(); ++at)
    if (at->error && std::find(diagnostics.begin(), at, *at) == at) ++count;
  return count;
}

}  // namespace

UiEvent read_ui_line(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  auto event = read_json(line, [](const JsonReader& in) {
    if (in.empty()) in.mismatch("an object");
    return UiEvent{in["@message"].string_or(""), read_kind(in)};
  });
  if (!event) return {std::string(line), Said{}};
  if (const auto* diagnostic = std::get_if<Diagnostic>(&event->what)) event->text = text_of(*diagnostic);
  return *std::move(event);
}

std::string text_of(const Diagnostic& diagnostic) {
  std::string text = fmt::format("{}: {}", diagnostic.error ? "Error" : "Warning", diagnostic.summary);
  if (!diagnostic.address.empty()) text += fmt::format("\n  with {}", diagnostic.address);
  if (!diagnostic.file.empty()) text += fmt::format("\n  on {}:{}", diagnostic.file, diagnostic.line);
  if (!diagnostic.code.empty()) text += fmt::format("\n    {}", diagnostic.code);
  if (!diagnostic.detail.empty()) text += fmt::format("\n{}", diagnostic.detail);
  return text;
}

std::string one_line(const std::vector<Diagnostic>& diagnostics) {
  const auto has_place = [](const Diagnostic& one) { return one.error && !one.file.empty(); };
  const auto is_error = [](const Diagnostic& one) { return one.error; };
  auto chosen = std::find_if(diagnostics.begin(), diagnostics.end(), has_place);
  if (chosen == diagnostics.end()) chosen = std::find_if(diagnostics.begin(), diagnostics.end(), is_error);
  if (chosen == diagnostics.end()) chosen = diagnostics.begin();
  if (chosen == diagnostics.end()) return {};

  std::string text = on_one_line(chosen->summary);
  if (!chosen->file.empty())
    text = fmt::format("{}:{} {}", chosen->file, chosen->line, within_sentence(text));
  if (const std::string detail = first_sentence(chosen->detail); !detail.empty()) text += ": " + detail;
  cut(text, kMaxDiagnosticLine);
  const std::size_t errors = count_distinct_errors(diagnostics);
  if (errors > 1) text += fmt::format(" (and {} more error{})", errors - 1, errors == 2 ? "" : "s");
  return text;
}

}  // namespace slipway::runner
