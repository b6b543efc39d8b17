#include "bot/net/mailbox.h"

#include <catch2/catch.hpp>

#include <thread>

namespace slipway::net {

TEST_CASE("letters that come together wake the rim once") {
  int woken = 0;
  const auto mailbox = std::make_shared<Mailbox>([&] { ++woken; });
  mailbox->put(1, Response::text(200, "a"));
  mailbox->put(2, Response::text(200, "b"));
  CHECK(woken == 1);
  const auto letters = mailbox->take();
  REQUIRE(letters.size() == 2);
  CHECK(letters[1].connection == 2);
  CHECK(letters[1].response.body == "b");
  mailbox->put(3, Response::text(200, "c"));
  CHECK(woken == 2);
}

TEST_CASE("only the first answer of a reply counts, by whichever copy") {
  const auto mailbox = std::make_shared<Mailbox>([] {});
  const Reply reply = reply_by(mailbox, 7);
  const Reply copy = reply;
  copy(Response::text(202, "first"));
  reply(Response::text(500, "second"));
  const auto letters = mailbox->take();
  REQUIRE(letters.size() == 1);
  CHECK(letters[0].connection == 7);
  CHECK(letters[0].response.status == 202);
}

TEST_CASE("a reply that is dropped answers 500, when its last copy goes") {
  const auto mailbox = std::make_shared<Mailbox>([] {});
  auto reply = std::make_unique<Reply>(reply_by(mailbox, 7));
  auto copy = std::make_unique<Reply>(*reply);
  reply.reset();
  CHECK(mailbox->take().empty());
  copy.reset();
  const auto letters = mailbox->take();
  REQUIRE(letters.size() == 1);
  CHECK(letters[0].response.status == 500);
}

TEST_CASE("a reply may outlive the rim") {
  int woken = 0;
  auto mailbox = std::make_shared<Mailbox>([&] { ++woken; });
  const Reply reply = reply_by(mailbox, 1);
  mailbox->close();
  mailbox.reset();
  reply(Response::text(200, "late"));
  CHECK(woken == 0);
}

TEST_CASE("answers of many threads all arrive") {
  const auto mailbox = std::make_shared<Mailbox>([] {});
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t t = 0; t < 4; ++t)
      threads.emplace_back([&mailbox, t] {
        for (std::uint64_t n = 0; n < 500; ++n) reply_by(mailbox, t * 500 + n)(Response::text(200, ""));
      });
  }
  CHECK(mailbox->take().size() == 2'000);
}

}  // namespace slipway::net
