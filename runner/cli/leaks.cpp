#include "runner/cli/leaks.h"

#include "core/failure.h"
#include "runner/fd.h"
#include "runner/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>

namespace slipway::runner {
namespace {

constexpr std::size_t kChunk = 1u << 20;

std::string within_json(const std::string& value) {
  const std::string quoted = Json(value).dump();
  return quoted.substr(1, quoted.size() - 2);
}

/// Terraform writes JSON as Go does, safe for HTML.
std::string as_go_writes(std::string text) {
  for (const auto& [character, escape] :
       {std::pair{'<', "\\u003c"}, std::pair{'>', "\\u003e"}, std::pair{'&', "\\u0026"}}) {
    for (std::size_t at = 0; (at = text.find(character, at)) != std::string::npos;)
      text.replace(at, 1, escape);
  }
  return text;
}

}  // namespace

bool names_credential(std::string_view variable) {
  std::string name(variable);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
  // A variable of the configuration is part of the plan, and Terraform knows whether it is sensitive.
  if (name.starts_with("TF_VAR_")) return false;
  for (const std::string_view part :
       {"TOKEN", "PASSWORD", "PASSWD", "SECRET", "CREDENTIAL", "PRIVATE", "CONN_STR"}) {
    if (name.find(part) != std::string::npos) return true;
  }
  return name.ends_with("KEY") || name.ends_with("_PASS") || name.ends_with("KEY_ID") ||
         name.ends_with("_PAT");
}

Leaks::Leaks(const RunSettings& settings) {
  const auto add = [this](const std::string& value) {
    if (value.size() < kMinRedacted) return;
    const std::string json = within_json(value);
    for (const auto& spelling : {value, json, as_go_writes(json)}) {
      if (std::find(spellings_.begin(), spellings_.end(), spelling) == spellings_.end())
        spellings_.push_back(spelling);
    }
  };
  for (const auto& [name, value] : settings.environment) {
    if (names_credential(name)) add(value.reveal());
  }
  if (settings.state) add(settings.state->password.reveal());
}

bool Leaks::are_in(const std::string& json_file) const {
  if (spellings_.empty()) return false;
  std::size_t longest = 0;
  for (const auto& spelling : spellings_) longest = std::max(longest, spelling.size());
  const Fd file(::open(json_file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw_errno("reading " + json_file);
  std::string window;
  for (;;) {
    const std::size_t held = std::min(window.size(), longest);
    window.erase(0, window.size() - held);
    window.resize(held + kChunk);
    const ssize_t count = ::read(file.get(), window.data() + held, kChunk);
    if (count < 0 && errno != EINTR) throw_errno("reading " + json_file);
    window.resize(held + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    for (const auto& spelling : spellings_) {
      if (window.find(spelling) != std::string::npos) return true;
    }
    if (count == 0) return false;
  }
}

Redactor Leaks::redactor() const {
  std::vector<Secret> secrets;
  for (const auto& spelling : spellings_) secrets.emplace_back(spelling);
  return Redactor(std::move(secrets));
}

void Leaks::take_out_of(ReadPlan& plan, const std::string& document_path) const {
  const auto clean = parse_json(redactor().redact(plan.plan.to_json().dump()));
  Result<Plan> read = clean ? Plan::from_json(*clean) : tl::unexpected(clean.error());
  if (!read) throw Failure("taking credentials out of a plan: " + read.error().text());
  plan.plan = std::move(*read);
  if (document_path.empty()) return;
  replace_file(document_path, redactor().redact(read_file(document_path)));
  plan.document_digest = sha256_of_file(document_path);
}

}  // namespace slipway::runner
