#pragma once

#include "bot/work/step.h"
#include "templates/status.h"

#include <string>
#include <string_view>
#include <vector>

namespace slipway::work {

/// Stands instead of the digest of what was said last, where somebody who had lost its lease spoke after it:
/// only who begins to speak afterwards may say that the newest words stand there.
inline constexpr std::string_view kSpokenOver = "spoken over";

/// Sets the statuses of commits that differ from what was said last, within the budget. What was said is kept
/// in the outcome; where the budget ends, the job comes again for the rest.
class StatusWriter {
 public:
  StatusWriter(const Tools& tools, RepoId repo, std::string url)
      : tools_(tools), repo_(std::move(repo)), url_(std::move(url)) {}

  void write(const Sha& commit, const templates::StatusShown& status, std::stop_token stop);
  Outcome outcome() &&;

 private:
  struct Said {
    Sha commit;
    std::string context;
    std::string digest;
  };

  const Tools& tools_;
  RepoId repo_;
  std::string url_;
  std::vector<Said> said_;
  std::optional<Time> again_;
};

}  // namespace slipway::work
