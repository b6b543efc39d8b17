#pragma once

#include "core/http_client.h"
#include "core/pull_request.h"
#include "core/result.h"
#include "core/secret.h"
#include "core/settings.h"
#include "core/traits.h"
#include "vcs/pause.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace slipway::vcs {

/// Header names in lower case.
using Headers = std::map<std::string, std::string, std::less<>>;

/// What a delivery is about. The payload is a hint only: whatever is decided is decided on what is fetched
/// afterwards.
namespace heard {
/// Something about this pull request may be new: look at it.
struct PullTouched {
  PullId pull;
};
/// A new comment, whose first line may be a command.
struct Commented {
  PullId pull;
  Comment comment;
  bool on_issue = false;  // of an issue that is no pull request: `pull` has its number
};
/// A branch moved (a push, a merge by whatever road).
struct BranchMoved {
  RepoId repo;
  std::string branch;
};
/// A merge queue asks for its checks on a commit of its own.
struct GroupAsked {
  RepoId repo;
  Sha head;
  Sha base;
  std::string base_branch;
  std::string branch;       // that it is published as
  std::int64_t number = 0;  // of the pull request that the branch is named after; 0: of none
};
/// Nothing for us; why, for the log and the delivery's page.
struct Ignored {
  std::string why;
};
}  // namespace heard
using Heard =
    std::variant<heard::PullTouched, heard::Commented, heard::BranchMoved, heard::GroupAsked, heard::Ignored>;

enum class Signature { Good, Bad, Missing };

/// Deliveries: what the webhook route needs to know. No I/O; any thread.
class Deliveries {
 public:
  virtual ~Deliveries() = default;
  /// By its headers: is this delivery of this kind of forge? (POST /events)
  virtual bool recognises(const Headers& headers) const = 0;
  /// Over the raw body, in constant time, with any of the secrets.
  virtual Signature check(const Headers& headers, std::string_view body) const = 0;
  /// The forge's unique id of the delivery; empty when it has none.
  virtual std::string delivery_id(const Headers& headers) const = 0;
  virtual std::string event(const Headers& headers) const = 0;
  /// The headers that may be kept: never one that holds a secret.
  virtual Headers kept(const Headers& headers) const = 0;
  virtual Result<Heard> hear(const Headers& headers, std::string_view body) const = 0;
};

enum class StatusState { Pending, Success, Failure, Error };

struct CommitStatus {
  RepoId repo;
  Sha commit;
  std::string context;  // slipway/plan
  StatusState state = StatusState::Pending;
  std::string description;  // cut to Traits::max_status_description by the host
  std::string url;
};

enum class Reaction { Eyes, Rocket, ThumbsUp, ThumbsDown, Confused };

/// Where a reaction goes: the pull request itself when `comment` is 0.
struct ReactionTarget {
  PullId pull;
  std::int64_t comment = 0;
};

/// Pulls: reading. Each call asks the forge anew (with ETags); throws Failure with the forge's own message.
class Pulls {
 public:
  virtual ~Pulls() = default;
  virtual PullRequest pull(const PullId& id, std::stop_token stop) = 0;
  /// Open ones, every page: id, head, base and draft are what the list tells; nothing more is promised.
  virtual std::vector<PullRequest> open_pulls(const RepoId& repo, std::stop_token stop) = 0;
  /// Closed or merged ones, updated at or after `since`.
  virtual std::vector<PullRequest> closed_pulls(const RepoId& repo, Time since, std::stop_token stop) = 0;
  virtual Permission permission(const RepoId& repo, const std::string& user, std::stop_token stop) = 0;
  /// `team` as a policy's owners name it: "@acme/dba".
  virtual bool in_team(const std::string& team, const std::string& user, std::stop_token stop) = 0;
  /// Comments of the pull request made after `since`, oldest first: commands that a lost webhook would have
  /// told.
  virtual std::vector<Comment> comments(const PullId& id, Time since, std::stop_token stop) = 0;
  /// The same of all issues of the repository; those of its pull requests may be among them.
  virtual std::vector<heard::Commented> issue_comments(const RepoId& repo, Time since,
                                                       std::stop_token stop) = 0;
  /// Where a branch stands, in one request that costs nothing while it stands there; nothing where the forge
  /// can't tell: git can.
  virtual std::optional<Sha> branch_head(const RepoId& repo, const std::string& branch,
                                         std::stop_token stop) = 0;
  /// Logins of who wrote and who committed it, as far as the forge knows them.
  virtual std::vector<std::string> people_of(const RepoId& repo, const Sha& commit, std::stop_token stop) = 0;
  /// Repositories that the token can see and that match the pattern ("acme/*", "acme/infra").
  virtual std::vector<RepoId> repos(std::string_view pattern, std::stop_token stop) = 0;
};

/// Voice: saying. What is said twice by a crash must be the same thing said once: `find_comment` finds ours
/// by its marker.
class Voice {
 public:
  virtual ~Voice() = default;
  /// The login that our token speaks as.
  virtual std::string own_login(std::stop_token stop) = 0;
  /// The newest comment by ourselves whose body begins with `marker`; nothing when there is none.
  virtual std::optional<std::int64_t> find_comment(const PullId& id, std::string_view marker,
                                                   std::stop_token stop) = 0;
  virtual std::int64_t create_comment(const PullId& id, const std::string& body, std::stop_token stop) = 0;
  /// False when the comment is gone.
  virtual bool edit_comment(const PullId& id, std::int64_t comment, const std::string& body,
                            std::stop_token stop) = 0;
  virtual void set_status(const CommitStatus& status, std::stop_token stop) = 0;
  virtual void react(const ReactionTarget& target, Reaction reaction, std::stop_token stop) = 0;
  /// An issue of the repository, found by its title among the open and closed ones: opened, reopened or
  /// edited.
  virtual void raise_issue(const RepoId& repo, const std::string& title, const std::string& body,
                           std::stop_token stop) = 0;
  /// Gives the open issue of this title its last body and closes it; nothing when there is none.
  virtual void close_issue(const RepoId& repo, const std::string& title, const std::string& body,
                           std::stop_token stop) = 0;
  /// Merges an open pull request of this head; throws Failure with the forge's reason when it may not.
  virtual void merge(const PullId& id, const Sha& head, std::stop_token stop) = 0;
};

/// How to fetch from the forge by git.
struct GitAccess {
  std::string url;       // https://github.com/acme/infra.git; never holds a token
  std::string username;  // "x-access-token"
  Secret password;
  std::string ca_file;  // empty: the system's
};

/// One configured forge. Any thread.
class Host {
 public:
  virtual ~Host() = default;
  virtual const std::string& name() const = 0;
  virtual const Traits& traits() const = 0;
  virtual Deliveries& deliveries() = 0;
  virtual Pulls& pulls() = 0;
  virtual Voice& voice() = 0;
  virtual GitAccess git_access(const RepoId& repo) const = 0;
  /// refs/pull/12/head, refs/merge-requests/12/head
  virtual std::string pull_ref(const PullId& id) const = 0;
  /// What `slipway doctor` tells besides the login: where an app is installed, and the like.
  virtual std::vector<std::string> findings(std::stop_token) { return {}; }
  /// Web address of a pull request, a commit.
  virtual std::string pull_url(const PullId& id) const = 0;
};

/// What a forge's section of the config becomes: shared keys read once, `settings` for the rest.
struct HostConfig {
  std::string name;     // route /webhooks/<name>
  std::string url;      // web root
  std::string api_url;  // empty: derived from url
  /// An app of the forge that speaks in the place of a user (contract.md, `app:`).
  struct App {
    std::string id;
    Secret private_key;  // PEM
  };
  Secret token;  // empty with an app
  std::optional<App> app;
  std::vector<Secret> webhook_secrets;
  std::string ca_file;
  Settings settings;
  Pause pause;                // between the tries of one call; empty: by the clock
  std::function<Time()> now;  // empty: the clock's
};

/// Line in registry.cpp: a kind of forge.
struct HostKind {
  std::string_view kind;  // github
  std::string_view help;
  std::unique_ptr<Host> (*make)(const HostConfig& config, HttpClient& http);
  bool has_apps = false;  // `app:` may stand in the place of `token:`
};
const std::vector<HostKind>& host_kinds();

}  // namespace slipway::vcs
