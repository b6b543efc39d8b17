#include "hooks/http.h"

#include "core/clock.h"
#include "core/crypto.h"
#include "core/failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace slipway::hooks {
namespace {

constexpr std::size_t kMaxShownAnswer = 200;
constexpr std::chrono::seconds kMaxRetryAfter{24 * 3'600};

std::string_view name_of(MachineEvent what) {
  switch (what) {
    case MachineEvent::Created:
      return "machine.created";
    case MachineEvent::Changed:
      return "machine.changed";
    case MachineEvent::Replaced:
      return "machine.replaced";
    case MachineEvent::Destroyed:
      return "machine.destroyed";
  }
  return "machine.changed";
}

const std::string& url_of(const Settings& settings) {
  settings.only({"kind", "name", "url", "secret"});
  const Settings& url = settings.at("url");
  if (!url.scalar().starts_with("https://") && !url.scalar().starts_with("http://")) {
    url.refuse("write a whole address: https://…");
  }
  if (!settings.at("secret").is_map()) {
    settings.at("secret").refuse("a secret is not written here; write {env: NAME} or {file: PATH}");
  }
  return url.scalar();
}

/// The host alone: what stands before it or in the query may be a secret.
std::string host_of(std::string_view url) {
  url.remove_prefix(url.find("//") + 2);
  url = url.substr(0, url.find_first_of("/?#"));
  const auto at = url.rfind('@');
  return std::string(at == std::string_view::npos ? url : url.substr(at + 1));
}

Json state_of(const StateVersion& version) {
  return Json::object({{"forge", version.key.repo.forge},
                       {"repo", version.key.repo.path},
                       {"dir", version.key.project.dir},
                       {"workspace", version.key.project.workspace},
                       {"lineage", version.serial.lineage},
                       {"serial", version.serial.serial},
                       {"terraform_version", version.terraform_version}});
}

Json cause_of(const StateVersion& version) {
  return Json::object({{"actor", version.actor},
                       {"reason", version.reason},
                       {"pull", version.pull.number > 0 ? Json(version.pull.number) : Json()},
                       {"commit", version.commit},
                       {"run", version.run},
                       {"at", to_rfc3339(version.at)}});
}

Json body_of(const HookEvent& event, std::int64_t sent) {
  return Json::object({{"event", name_of(event.what)},
                       {"key", event.key},
                       {"sent", sent},
                       {"attempt", event.attempt},
                       {"machine", event.machine.to_json()},
                       {"before", event.before.empty() ? Json() : event.before.front().to_json()},
                       {"state", state_of(event.version)},
                       {"cause", cause_of(event.version)}});
}

/// Printable ASCII of an answer's beginning, for a person who looks for the reason.
std::string shown(const std::string& body) {
  std::string out = body.substr(0, kMaxShownAnswer);
  std::replace_if(out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, ' ');
  return out;
}

std::optional<std::chrono::seconds> retry_after(const HttpResponse& response) {
  const std::string_view text = response.header("Retry-After");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || seconds < 0) return {};
  return std::min(std::chrono::seconds(seconds), kMaxRetryAfter);
}

bool may_pass(int status) { return status == 408 || status == 425 || status == 429 || status >= 500; }

class Http final : public Hook {
 public:
  Http(std::string url, Secret secret, HttpClient& client)
      : url_(std::move(url)), secret_(std::move(secret)), client_(client) {}

  std::string lane(const HookEvent& event) const override { return event.machine.name; }

  void handle(const HookEvent& event, const Estate&, Output& log, std::stop_token stop) override {
    const HttpResponse response = client_.send(request(event), std::move(stop));
    log.out(fmt::format("{} answered {} to {} of {}\n", host_of(url_), response.status, name_of(event.what),
                        event.machine.name));
    if (response.status >= 200 && response.status < 300) return;
    const std::string answer = shown(response.body);
    throw Failure(
        fmt::format("{} answered {}{}{}", host_of(url_), response.status, answer.empty() ? "" : ": ", answer),
        may_pass(response.status) ? Retry::Later : Retry::Never, retry_after(response));
  }

 private:
  HttpRequest request(const HookEvent& event) const {
    const std::int64_t sent = to_millis(SystemClock().now()) / 1'000;
    HttpRequest out;
    out.method = "POST";
    out.url = url_;
    out.body = body_of(event, sent).dump();
    out.headers = {{"Content-Type", "application/json"},
                   {"User-Agent", "slipway/" SLIPWAY_VERSION},
                   {"X-Slipway-Event", std::string(name_of(event.what))},
                   {"X-Slipway-Timestamp", std::to_string(sent)},
                   {"X-Slipway-Signature-256", "sha256=" + to_hex(hmac_sha256(secret_.reveal(), out.body))},
                   {"Idempotency-Key", event.key}};
    return out;
  }

  std::string url_;
  Secret secret_;
  HttpClient& client_;
};

}  // namespace

void check_http(const Settings& settings) { (void)url_of(settings); }

std::unique_ptr<Hook> make_http(const Settings& settings, const HookTools& tools) {
  const std::string& url = url_of(settings);
  return std::make_unique<Http>(url, tools.secret(settings.at("secret")), tools.http);
}

}  // namespace slipway::hooks
