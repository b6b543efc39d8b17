#pragma once

#include "bot/net/router.h"
#include "core/guarded.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace slipway::net {

/// Where answers of any thread wait for the rim. Whoever holds a Reply may keep it longer than the server
/// lives: the box is shared, and closed when the rim goes.
class Mailbox {
 public:
  struct Letter {
    std::uint64_t connection = 0;
    Response response;
  };
  /// `wake` is called from any thread when the first letter comes into the empty box: one wake-up for all
  /// answers of a group commit.
  explicit Mailbox(std::function<void()> wake);

  void put(std::uint64_t connection, Response response);
  std::vector<Letter> take();
  /// `wake` is not called any more once this returned.
  void close();

 private:
  struct Box {
    std::function<void()> wake;
    std::vector<Letter> letters;
  };
  Guarded<Box> box_;
};

/// The first answer counts; when the last copy is dropped without one, the client gets 500.
Reply reply_by(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection);

}  // namespace slipway::net
