#include "bot/net/answer_reader.h"

#include <catch2/catch.hpp>

namespace slipway::net {
namespace {

using State = AnswerReader::State;

struct Read {
  State state;
  HttpResponse response;
  std::string left;
  std::string objection;
};

Read read(std::string_view bytes, bool ends = false, const AnswerReader::Expected& expected = {},
          std::size_t step = 1) {
  AnswerReader reader(expected);
  std::string held;
  while (!bytes.empty() && (reader.state() == State::Untouched || reader.state() == State::Begun)) {
    held += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
    held.erase(0, reader.take(held));
  }
  if (ends) reader.end();
  return {reader.state(), reader.response(), held + std::string(bytes), reader.objection()};
}

}  // namespace

TEST_CASE("an answer with a length is whole when it has come") {
  const std::size_t step = GENERATE(1, 2, 10, 1'000);
  const Read got =
      read("HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 5\r\n\r\nhellomore", false, {}, step);
  CHECK(got.state == State::Whole);
  CHECK(got.response.status == 200);
  CHECK(got.response.header("etag") == "\"a\"");
  CHECK(got.response.body == "hello");
  CHECK(got.left == "more");
}

TEST_CASE("an answer in chunks is put together") {
  const Read got =
      read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n");
  CHECK(got.state == State::Whole);
  CHECK(got.response.body == "abcde");
  CHECK(got.response.header("X").empty());
}

TEST_CASE("an answer without a length ends with the connection") {
  CHECK(read("HTTP/1.1 200 OK\r\n\r\nabc").state == State::Begun);
  const Read got = read("HTTP/1.1 200 OK\r\n\r\nabc", true);
  CHECK(got.state == State::Whole);
  CHECK(got.response.body == "abc");
}

TEST_CASE("answers that have no body need none") {
  CHECK(read("HTTP/1.1 204 No Content\r\n\r\n").state == State::Whole);
  CHECK(read("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n").state == State::Whole);
  const AnswerReader::Expected to_head{.to_head = true};
  CHECK(read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", false, to_head).state == State::Whole);
}

TEST_CASE("interim answers are passed over, but not without end") {
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
  const Read got =
      read("HTTP/1.1 100 Continue\r\n\r\n" + interim + "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
  CHECK(got.state == State::Whole);
  CHECK(got.response.status == 201);
  CHECK(got.response.header("link").empty());
  std::string many;
  for (int n = 0; n <= kMaxInterimAnswers; ++n) many += interim;
  CHECK(read(many).state == State::Broken);
}

TEST_CASE("an answer that breaks off is not taken for the whole") {
  const std::string bytes = GENERATE(as<std::string>(), "", "HTTP", "HTTP/1.1 200 OK\r\n",
                                     "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
                                     "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
                                     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  CAPTURE(bytes);
  CHECK(read(bytes, true).state == State::Broken);
}

TEST_CASE("what is no HTTP is said to be none") {
  const std::string bytes = GENERATE(
      as<std::string>(), "SSH-2.0-OpenSSH_9\r\n", "HTTP/3.0 200 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'a') + "\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(70'000, 'a'));
  const Read got = read(bytes, false, {}, 1'000);
  CHECK(got.state == State::Broken);
  CHECK_FALSE(got.objection.empty());
}

TEST_CASE("an answer over the limit is not read to its end, however it is framed") {
  const AnswerReader::Expected expected{.to_head = false, .max_body = 4};
  CHECK(read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", false, expected).state == State::TooLarge);
  CHECK(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n", false, expected).state ==
        State::TooLarge);
  CHECK(read("HTTP/1.1 200 OK\r\n\r\nhello", false, expected).state == State::TooLarge);
  CHECK(read("HTTP/1.1 200 OK\r\n\r\nhell", true, expected).state == State::Whole);
}

}  // namespace slipway::net
