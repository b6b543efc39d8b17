#pragma once

#include "vcs/repository.h"

#include <memory>
#include <stop_token>
#include <string>

namespace slipway::vcs {

/// Slots that nobody leases and that are kept, since the next tree is near one of theirs.
inline constexpr std::size_t kMaxIdleSlots = 4;
/// An apply outlives the server, and so does its lease: a slot that was leased when the last server ended is
/// not touched for so long (nor shared but for the same tree).
inline constexpr std::chrono::hours kMaxHeldOver{24};

/// Checkouts of one repository's trees in slots below one directory. A lease of a tree that stands in a slot
/// shares it; else an idle slot is brought to it by what differs, or a new one made. Any thread; who asks for
/// a tree that is being brought waits for it.
class Checkouts {
 public:
  /// `mirror`: path of the bare repository that holds the objects.
  Checkouts(const std::string& directory, std::string mirror);
  ~Checkouts();
  Checkouts(const Checkouts&) = delete;
  Checkouts& operator=(const Checkouts&) = delete;

  /// Throws Failure, Stopped. The lease may outlive this object.
  std::shared_ptr<Checkout> lease(const Sha& tree, std::stop_token stop);

 private:
  class Pool;
  std::shared_ptr<Pool> pool_;  // shared with every lease, which gives its slot back to it
};

}  // namespace slipway::vcs
