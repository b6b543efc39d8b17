#include "bot/work/claim.h"

#include "core/failure.h"

#include <fmt/format.h>

namespace slipway::work {

LockProof Claim::hold(const StateKey& key) const {
  if (lane_ != state_lane(key))
    throw Failure(fmt::format("an apply of {} was claimed in lane {}", key.text(), lane_));
  return LockProof(key, fence_);
}

std::string pull_lane(const PullId& pull) { return "pull:" + to_string(pull); }
std::string plan_lane(const ChangeId& change) {
  return fmt::format("plan:{} {}@{} {}", to_string(change.pull), change.project.dir, change.project.workspace,
                     change.project.name);
}
std::string state_lane(const StateKey& key) { return "state:" + key.text(); }
std::string comment_lane(const PullId& pull) { return "comment:" + to_string(pull); }
std::string notice_lane(const PullId& pull) { return "notice:" + to_string(pull); }
std::string sink_lane(const std::string& hook, const std::string& lane) {
  return fmt::format("machine:{}/{}", hook, lane);
}

}  // namespace slipway::work
