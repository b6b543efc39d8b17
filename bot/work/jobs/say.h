#pragma once

#include "bot/work/step.h"

namespace slipway::work {

/// Writes the sticky comment: what stands in the Store now, whatever asked for it.
class SaySticky final : public Step {
 public:
  explicit SaySticky(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;
  /// Old words may stand over newer ones: it is said once more.
  void came_late(const Job& job) override;

 private:
  const Tools& tools_;
};

/// A short new comment, once per key: a result or a question, so that people are notified.
class SayNotice final : public Step {
 public:
  explicit SayNotice(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;

 private:
  const Tools& tools_;
};

/// An answer to one person, once per key.
class SayReply final : public Step {
 public:
  explicit SayReply(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;

 private:
  const Tools& tools_;
};

}  // namespace slipway::work
