#pragma once

#include "core/guarded.h"
#include "vcs/github_app.h"
#include "vcs/github_rest.h"
#include "vcs/host.h"

#include <cstdint>
#include <optional>
#include <string>

namespace slipway::vcs {

/// Saying at GitHub. Any thread. A comment or an issue whose fate is unknown (the connection broke) is not
/// sent again here: that is Failure(Later), and the caller looks for it before it tries once more.
class GithubVoice final : public Voice {
 public:
  /// `app` where one speaks, else nullptr.
  GithubVoice(const Traits& traits, GithubRest& rest, GithubApp* app)
      : traits_(traits), rest_(rest), app_(app) {}

  std::string own_login(std::stop_token stop) override;
  /// Where not even GraphQL tells an app's token who it is, comments of any app count as ours: the marker's
  /// MAC, which the caller made, tells them apart from those of other apps, and people can't comment as an
  /// app.
  std::optional<std::int64_t> find_comment(const PullId& id, std::string_view marker,
                                           std::stop_token stop) override;
  std::int64_t create_comment(const PullId& id, const std::string& body, std::stop_token stop) override;
  bool edit_comment(const PullId& id, std::int64_t comment, const std::string& body,
                    std::stop_token stop) override;
  void set_status(const CommitStatus& status, std::stop_token stop) override;
  /// A convenience: what the forge refuses or lacks is only logged.
  void react(const ReactionTarget& target, Reaction reaction, std::stop_token stop) override;
  /// Where issues are switched off there is nothing to raise: it is logged.
  void raise_issue(const RepoId& repo, const std::string& title, const std::string& body,
                   std::stop_token stop) override;
  void close_issue(const RepoId& repo, const std::string& title, const std::string& body,
                   std::stop_token stop) override;
  /// By the first method that the repository allows: merge, squash, rebase.
  void merge(const PullId& id, const Sha& head, std::stop_token stop) override;

 private:
  /// Empty when the forge does not tell.
  std::string login_told(std::stop_token stop);
  /// The newest of this title; 0: none. `state`: all, open.
  std::int64_t issue_titled(const RepoId& repo, const std::string& title, std::string_view state,
                            std::stop_token stop);
  void edit_issue(const RepoId& repo, std::int64_t number, Json changes, std::stop_token stop);

  const Traits& traits_;
  GithubRest& rest_;
  GithubApp* app_;
  Guarded<std::string> login_;
};

}  // namespace slipway::vcs
