#include "core/crypto.h"
#include "state/state.h"
#include "tests/state/samples.h"

#include <catch2/catch.hpp>

namespace slipway::state {
namespace {

using Effect = BackendAnswer::Effect;
using Verb = BackendRequest::Verb;

const std::string kLock =
    R"({"ID":"lock-1","Operation":"OperationTypeApply","Who":"slipway@host","Info":""})";

BackendRequest request(Verb verb, std::string body = {}, std::string lock_id = {}) {
  return {verb, std::move(lock_id), {}, std::move(body), true};
}

std::string state_text(int serial, const std::string& attribute = "x") {
  return sample({{"vm.a", R"({"id":")" + attribute + R"("})"}}, serial);
}

BackendHeld held(const std::string& text) {
  BackendHeld out;
  out.serial = *read_serial(text);
  out.digest = sha256_hex(text);
  return out;
}

BackendHeld locked(BackendHeld out) {
  out.lock_id = "lock-1";
  out.lock_info = kLock;
  return out;
}

TEST_CASE("a state that isn't there yet is answered with 404, one that is there is sent") {
  CHECK(answer({}, request(Verb::Get)).status == 404);
  const auto sent = answer(held(state_text(1)), request(Verb::Get));
  CHECK(sent.status == 200);
  CHECK(sent.effect == Effect::SendState);
}

TEST_CASE("a plan's credentials read and do nothing else") {
  BackendRequest reading = request(Verb::Get);
  reading.may_write = false;
  CHECK(answer(held(state_text(1)), reading).status == 200);
  for (const Verb verb : {Verb::Post, Verb::Delete, Verb::Lock, Verb::Unlock}) {
    BackendRequest writing = request(verb, verb == Verb::Post ? state_text(2) : kLock);
    writing.may_write = false;
    const auto refused = answer(held(state_text(1)), writing);
    CHECK(refused.status == 403);
    CHECK(refused.effect == Effect::None);
  }
}

TEST_CASE("a state is stored with its serial and its digest") {
  const std::string text = state_text(3);
  const auto stored = answer({}, request(Verb::Post, text));
  CHECK(stored.status == 200);
  CHECK(stored.effect == Effect::StoreState);
  CHECK(stored.serial == StateSerial{"l", 3});
  CHECK(stored.digest == sha256_hex(text));
}

TEST_CASE("a body that isn't what its Content-MD5 says is refused") {
  BackendRequest cut = request(Verb::Post, state_text(1));
  cut.content_md5 = md5_base64(cut.body);
  CHECK(answer({}, cut).status == 200);
  cut.body.pop_back();
  CHECK(answer({}, cut).status == 400);
  CHECK(answer({}, cut).effect == Effect::None);
}

TEST_CASE("a body that is no state is refused") {
  CHECK(answer({}, request(Verb::Post, "{}")).status == 400);
  CHECK(answer({}, request(Verb::Post, "")).status == 400);
}

TEST_CASE("a newer serial follows, an older one is refused") {
  CHECK(answer(held(state_text(4)), request(Verb::Post, state_text(5))).effect == Effect::StoreState);
  const auto refused = answer(held(state_text(4)), request(Verb::Post, state_text(3)));
  CHECK(refused.status == 409);
  CHECK(refused.body == "This state is older, with serial 3, than the one kept here, with 4.");
}

TEST_CASE("the same serial with other content is refused, with the same content it is a repeated request") {
  const auto refused = answer(held(state_text(4)), request(Verb::Post, state_text(4, "other")));
  CHECK(refused.status == 409);
  CHECK(refused.body == "Serial 4 is kept here with other content.");
  const auto repeated = answer(held(state_text(4)), request(Verb::Post, state_text(4)));
  CHECK(repeated.status == 200);
  CHECK(repeated.effect == Effect::None);
}

TEST_CASE("a state of another lineage is refused, except in the place of one that has none") {
  BackendHeld other = held(state_text(1));
  other.serial->lineage = "m";
  CHECK(answer(other, request(Verb::Post, state_text(9))).status == 409);
  other.serial = StateSerial{"", 0};
  CHECK(answer(other, request(Verb::Post, state_text(9))).effect == Effect::StoreState);
}

TEST_CASE("a lock is taken once, and the second is told who holds it") {
  const auto taken = answer({}, request(Verb::Lock, kLock));
  CHECK(taken.status == 200);
  CHECK(taken.effect == Effect::TakeLock);
  CHECK(taken.lock_id == "lock-1");

  const auto second = answer(locked({}), request(Verb::Lock, R"({"ID":"lock-2"})"));
  CHECK(second.status == 423);
  CHECK(second.body == kLock);
  CHECK(second.effect == Effect::None);

  const auto repeated = answer(locked({}), request(Verb::Lock, kLock));
  CHECK(repeated.status == 200);
  CHECK(repeated.effect == Effect::None);
}

TEST_CASE("what is no description of a lock takes none") {
  for (const std::string body : {"", "{}", R"({"ID":""})", R"({"ID":7})", "lock-1"})
    CHECK(answer({}, request(Verb::Lock, body)).status == 400);
  CHECK(answer({}, request(Verb::Lock, R"({"ID":"a","Info":")" + std::string(70'000, 'x') + "\"}")).status ==
        413);
}

TEST_CASE("only the holder of the lock writes") {
  const BackendHeld now = locked(held(state_text(1)));
  CHECK(answer(now, request(Verb::Post, state_text(2), "lock-1")).effect == Effect::StoreState);
  for (const std::string id : {"", "lock-2"}) {
    const auto refused = answer(now, request(Verb::Post, state_text(2), id));
    CHECK(refused.status == 423);
    CHECK(refused.body == kLock);
    CHECK(answer(now, request(Verb::Delete, "", id)).status == 423);
  }
}

TEST_CASE("a writer whose lock was broken writes no more") {
  const auto refused = answer(held(state_text(1)), request(Verb::Post, state_text(2), "lock-1"));
  CHECK(refused.status == 409);
  CHECK(refused.body == "The lock lock-1 is not held any more.");
}

TEST_CASE("the holder lets go of its lock, nobody else's id does") {
  const BackendHeld now = locked(held(state_text(1)));
  CHECK(answer(now, request(Verb::Unlock, kLock)).effect == Effect::DropLock);
  const auto other = answer(now, request(Verb::Unlock, R"({"ID":"lock-2"})"));
  CHECK(other.status == 409);
  CHECK(other.body == kLock);
  CHECK(other.effect == Effect::None);
  CHECK(answer(now, request(Verb::Unlock, "not JSON")).status == 400);
}

TEST_CASE("a forced unlock names no id") {
  CHECK(answer(locked({}), request(Verb::Unlock)).effect == Effect::DropLock);
}

TEST_CASE("letting go of no lock is done already") {
  const auto again = answer({}, request(Verb::Unlock, kLock));
  CHECK(again.status == 200);
  CHECK(again.effect == Effect::None);
}

TEST_CASE("a state is removed once") {
  CHECK(answer(held(state_text(1)), request(Verb::Delete)).effect == Effect::RemoveState);
  const auto again = answer({}, request(Verb::Delete));
  CHECK(again.status == 200);
  CHECK(again.effect == Effect::None);
}

}  // namespace
}  // namespace slipway::state
