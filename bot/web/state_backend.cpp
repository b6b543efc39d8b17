#include "bot/change/decide.h"
#include "bot/web/site.h"
#include "bot/work/place.h"
#include "bot/work/vault.h"
#include "core/crypto.h"
#include "state/state.h"

#include <fmt/format.h>

namespace slipway::web {
namespace {

using state::BackendAnswer;
using state::BackendRequest;

std::optional<BackendRequest::Verb> verb_of(const std::string& method) {
  if (method == "GET") return BackendRequest::Verb::Get;
  if (method == "POST") return BackendRequest::Verb::Post;
  if (method == "DELETE") return BackendRequest::Verb::Delete;
  if (method == "LOCK") return BackendRequest::Verb::Lock;
  if (method == "UNLOCK") return BackendRequest::Verb::Unlock;
  return {};
}

/// Terraform's http backend for the states that Slipway keeps. A request's password is the run's own: it
/// opens one state, as long as the run lives.
class Backend {
 public:
  explicit Backend(const Site& site) : site_(site) {}

  net::Response answer(const net::Request& request) const {
    const auto verb = verb_of(request.method);
    if (!verb) return net::Response::text(405, "GET, POST, DELETE, LOCK and UNLOCK are known here.\n");
    const auto grant = granted(request);
    if (!grant) {
      net::Response refused =
          net::Response::text(401, "The credentials of a running plan or apply are needed.\n");
      refused.headers.emplace_back("WWW-Authenticate", "Basic realm=\"slipway state\"");
      return refused;
    }
    if (request.parameters.at("path") != work::state_path(grant->key))
      return net::Response::text(403, "These credentials are for another state.\n");
    BackendRequest asked{*verb, query(request, "ID"), std::string(request.header("content-md5")),
                         request.body, grant->may_write};
    return *verb == BackendRequest::Verb::Post ? post(*grant, asked) : other(*grant, asked);
  }

 private:
  static std::string query(const net::Request& request, std::string_view name) {
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::string() : found->second;
  }

  std::optional<store::Grant> granted(const net::Request& request) const {
    const std::string_view header = request.header("authorization");
    if (!header.starts_with("Basic ")) return {};
    const std::string pair = from_base64(header.substr(6));
    const auto colon = pair.find(':');
    if (colon == std::string::npos) return {};
    std::optional<store::Grant> grant;
    const std::string digest = sha256_hex(std::string_view(pair).substr(colon + 1));
    site_.tools.store.read([&](const store::Snapshot& rows) { grant = rows.states.granted(digest); });
    return grant;
  }

  static state::BackendHeld held(const store::Snapshot& rows, const StateKey& key, const work::Tools& tools) {
    state::BackendHeld held;
    if (const auto latest = rows.states.latest(key)) {
      held.serial = latest->serial;
      // The blob's name is a keyed digest; the protocol compares plain ones.
      held.digest = sha256_hex(work::open_blob(tools, work::kStatePurpose, latest->digest));
    }
    if (const auto lock = rows.states.lock(key)) {
      held.lock_id = lock->id;
      held.lock_info = lock->info;
    }
    return held;
  }

  net::Response post(const store::Grant& grant, const BackendRequest& asked) const {
    const std::string name = work::keep_blob(site_.tools, work::kStatePurpose, asked.body);
    BackendAnswer answer;
    site_.tools.store.transact([&](store::Transaction& rows) {
      if (!rows.states.granted(grant.token_digest)) {
        answer = lost();
        return;
      }
      answer = state::answer(held(rows, grant.key, site_.tools), asked);
      if (answer.effect != BackendAnswer::Effect::StoreState) return;
      const auto latest = rows.states.latest(grant.key);
      if (latest && latest->digest == name) return;  // written again, as a client does that heard no answer
      rows.states.add(version(rows, grant, asked, answer, name));
    });
    return respond(answer);
  }

  /// Another run holds the state now.
  static BackendAnswer lost() {
    return {403,
            "This run lost its hold on the state: another writes it now.\n",
            BackendAnswer::Effect::None,
            "",
            {},
            ""};
  }

  StateVersion version(const store::Transaction& rows, const store::Grant& grant, const BackendRequest& asked,
                       const BackendAnswer& answer, const std::string& name) const {
    StateVersion version;
    version.key = grant.key;
    version.serial = answer.serial;
    version.digest = name;
    version.run = grant.run;
    version.at = site_.tools.clock.now();
    if (const auto parsed = state::read_state(asked.body, {})) {
      version.terraform_version = parsed->terraform_version;
      version.resources = parsed->instances.size();
    }
    // Until the apply has ended and its machines are mapped, those of the version before stand.
    if (const auto before = rows.states.latest(grant.key)) {
      version.machines = before->machines;
      version.mapping = before->mapping;
    }
    if (const auto run = rows.runs.find(grant.run)) {
      version.actor = run->actor;
      version.pull = run->change.pull;
      version.commit = run->commit;
      const auto pull = rows.pulls.find(run->change.pull);
      version.reason = fmt::format("{} {}", short_name(run->change.pull), pull ? pull->pull.title : "");
    }
    return version;
  }

  net::Response other(const store::Grant& grant, const BackendRequest& asked) const {
    BackendAnswer answer;
    std::string digest;
    site_.tools.store.transact([&](store::Transaction& rows) {
      if (!rows.states.granted(grant.token_digest)) {
        answer = lost();
        return;
      }
      answer = state::answer(held(rows, grant.key, site_.tools), asked);
      switch (answer.effect) {
        case BackendAnswer::Effect::SendState:
          digest = rows.states.latest(grant.key)->digest;
          break;
        case BackendAnswer::Effect::TakeLock:
          if (!rows.states.take_lock(
                  {grant.key, answer.lock_id, asked.body, grant.run, site_.tools.clock.now()}))
            answer = {423, "", BackendAnswer::Effect::None, "", {}, ""};
          break;
        case BackendAnswer::Effect::DropLock:
          rows.states.drop_lock(grant.key);
          break;
        case BackendAnswer::Effect::RemoveState:
          // Terraform removes a state only with its workspace, and the http backend has none.
          answer = {
              403, "A state and its history are not removed by a run.\n", BackendAnswer::Effect::None, "", {},
              ""};
          break;
        case BackendAnswer::Effect::None:
        case BackendAnswer::Effect::StoreState:
          break;
      }
    });
    if (!digest.empty()) answer.body = work::open_blob(site_.tools, work::kStatePurpose, digest);
    return respond(answer);
  }

  static net::Response respond(const BackendAnswer& answer) {
    return net::Response::json(answer.status, answer.body);
  }

  Site site_;
};

}  // namespace

void add_state_backend(net::Router& router, const Site& site) {
  const Backend backend(site);
  for (const char* method : {"GET", "POST", "DELETE", "LOCK", "UNLOCK"})
    router.add(method, "/state/{path...}",
               [backend](const net::Request& request) { return backend.answer(request); });
}

}  // namespace slipway::web
