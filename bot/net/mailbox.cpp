#include "bot/net/mailbox.h"

#include "bot/net/answer.h"

#include <atomic>

namespace slipway::net {
namespace {

/// An answer that is owed. Shared by the copies of its Reply, which any thread may hold.
class Debt {
 public:
  Debt(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection)
      : mailbox_(std::move(mailbox)), connection_(connection) {}
  Debt(const Debt&) = delete;
  Debt& operator=(const Debt&) = delete;
  ~Debt() {
    if (!paid_.test_and_set()) mailbox_->put(connection_, internal_error("the handler gave no answer"));
  }

  void pay(Response response) {
    if (!paid_.test_and_set()) mailbox_->put(connection_, std::move(response));
  }

 private:
  const std::shared_ptr<Mailbox> mailbox_;
  const std::uint64_t connection_;
  std::atomic_flag paid_;
};

}  // namespace

Mailbox::Mailbox(std::function<void()> wake) {
  box_.with([&](Box& box) { box.wake = std::move(wake); });
}

void Mailbox::put(std::uint64_t connection, Response response) {
  box_.with([&](Box& box) {
    if (!box.wake) return;
    box.letters.push_back({connection, std::move(response)});
    if (box.letters.size() == 1) box.wake();
  });
}

std::vector<Mailbox::Letter> Mailbox::take() {
  return box_.with([](Box& box) { return std::exchange(box.letters, {}); });
}

void Mailbox::close() {
  // Dropped outside: a letter's stream may hold whatever its handler gave it.
  const auto left = box_.with([](Box& box) {
    box.wake = nullptr;
    return std::exchange(box.letters, {});
  });
}

Reply reply_by(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection) {
  auto debt = std::make_shared<Debt>(std::move(mailbox), connection);
  return [debt = std::move(debt)](Response response) { debt->pay(std::move(response)); };
}

}  // namespace slipway::net
