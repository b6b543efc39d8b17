#pragma once

#include "core/http_client.h"
#include "core/pull_request.h"
#include "vcs/host.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::vcs {

/// A pull request as a test opens it.
struct NewPull {
  std::string repo = "acme/infra";
  std::string title = "Add two web servers";
  std::string author = "alice";
  std::string head = std::string(40, 'a');
  std::string head_branch = "web";
  std::string base_branch = "main";
  bool draft = false;
  bool from_fork = false;
};

/// What a request meets instead of the forge's answer, once.
struct Fault {
  std::string where;       // part of "METHOD /path"
  int status = 0;          // 0: the connection breaks
  bool performed = false;  // what was asked for has been done nevertheless
  std::vector<HttpHeader> headers{};
  std::string body{};
};

struct Delivery {
  Headers headers;
  std::string body;
};

/// A forge in memory, small and stateful, that answers as the real one does: one for each kind that is
/// registered. The contract suite arranges and looks at all of them through this. One thread.
class FakeForge : public HttpClient {
 public:
  /// What makes the registered kind talk to this forge.
  virtual HostConfig config() const = 0;

  virtual std::int64_t open_pull(const NewPull& pull) = 0;
  virtual void close_pull(const std::string& repo, std::int64_t number) = 0;
  /// Sets the merge commit too, which is its answer.
  virtual Sha merge_pull(const std::string& repo, std::int64_t number) = 0;
  virtual void review(const std::string& repo, std::int64_t number, const std::string& author,
                      bool approved) = 0;
  /// On a pull request, or on an issue.
  virtual std::int64_t comment(const std::string& repo, std::int64_t number, const std::string& author,
                               const std::string& body) = 0;
  virtual void delete_comment(const std::string& repo, std::int64_t comment) = 0;
  virtual void permit(const std::string& repo, const std::string& user, Permission permission) = 0;
  virtual void join_team(const std::string& team, const std::string& user) = 0;

  virtual std::vector<Comment> comments(const std::string& repo, std::int64_t number) const = 0;
  virtual std::vector<CommitStatus> statuses(const std::string& repo) const = 0;
  struct Issue {
    std::int64_t number = 0;
    std::string title;
    std::string body;
    bool open = true;
  };
  virtual std::vector<Issue>& issues(const std::string& repo) = 0;

  /// A signed delivery that tells of this pull request's opening.
  virtual Delivery delivery(const std::string& repo, std::int64_t number, std::string_view secret) const = 0;

  std::vector<Fault> faults;
  std::function<void(const HttpRequest&)> on_request;  // before it is answered
  std::vector<HttpRequest> requests;
  Time now = from_millis(1'795'305'600'000);  // 2026-11-22
};

/// Nothing when nobody has written one for that kind.
std::unique_ptr<FakeForge> make_fake_forge(std::string_view kind);

}  // namespace slipway::vcs
