#include "core/crypto.h"
#include "core/ids.h"
#include "tests/fuzz/must.h"
#include "vcs/github_events.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using namespace slipway;

const vcs::GithubEvents& events() {
  static const vcs::GithubEvents kEvents("github", {Secret("secret")});
  return kEvents;
}

void must_be_safe(const PullId& pull) {
  must(parse_repo_path(pull.repo.path).has_value(), "a heard repository has a safe name");
}

}  // namespace

/// The first line is the event, the rest the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string_view body = text.substr(std::min(line + 1, text.size()));
  const vcs::Headers headers = {{"x-github-event", std::string(text.substr(0, line))},
                                {"x-github-delivery", "1"},
                                {"x-hub-signature-256", std::string(body.substr(0, 71))}};
  must(events().check(headers, body) != vcs::Signature::Good, "a body does not hold its own signature");
  const vcs::Headers rightly = {{"x-hub-signature-256", "sha256=" + to_hex(hmac_sha256("secret", body))}};
  must(events().check(rightly, body) == vcs::Signature::Good, "who knows the secret can sign anything");
  const auto heard = events().hear(headers, body);
  if (!heard) return 0;
  if (const auto* touched = std::get_if<vcs::heard::PullTouched>(&*heard)) must_be_safe(touched->pull);
  if (const auto* commented = std::get_if<vcs::heard::Commented>(&*heard)) must_be_safe(commented->pull);
  return 0;
}
