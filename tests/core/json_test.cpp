#include "core/json.h"

#include <catch2/catch.hpp>

namespace slipway {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

/// Hears a document as words, and stops after some.
class Words final : public JsonEvents {
 public:
  explicit Words(std::size_t limit = 1'000'000) : limit_(limit) {}
  bool null() override { return say("null"); }
  bool boolean(bool value) override { return say(value ? "true" : "false"); }
  bool number(std::string_view text) override { return say(std::string(text)); }
  bool string(std::string&& value) override { return say("'" + value + "'"); }
  bool key(std::string&& name) override { return say(name + ":"); }
  bool begin_object() override { return say("{"); }
  bool end_object() override { return say("}"); }
  bool begin_array() override { return say("["); }
  bool end_array() override { return say("]"); }

  const std::string& heard() const { return heard_; }

 private:
  bool say(const std::string& word) {
    heard_ += heard_.empty() ? word : " " + word;
    return ++count_ < limit_;
  }
  std::size_t limit_;
  std::size_t count_ = 0;
  std::string heard_;
};

JsonSource in_pieces(std::string_view text, std::size_t size) {
  return [text, size]() mutable {
    const std::string_view piece = text.substr(0, size);
    text.remove_prefix(piece.size());
    return piece;
  };
}

TEST_CASE("a document nests as deep as the limit, and not deeper") {
  CHECK(parse_json(nested(kMaxJsonDepth)));
  const auto refused = parse_json(nested(kMaxJsonDepth + 1));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "the document nests deeper than 256");
  CHECK_FALSE(parse_json(std::string(1'000'000, '[')));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  CHECK_FALSE(parse_json(objects));
}

TEST_CASE("what is not JSON is refused with its place") {
  for (const std::string text :
       {"", " ", "{", "[1,]", "{\"a\" 1}", "01", "nul", "\"a", "1 2", "{\"a\":1}}", "'a'", "\"\xff\"",
        "\"\xc3\"", "\"\xed\xa0\x80\"", "\"\\ud800\"", "\"\x01\"", "NaN"}) {
    INFO(text);
    const auto refused = parse_json(text);
    REQUIRE_FALSE(refused);
    CHECK_FALSE(refused.error().message.empty());
    CHECK(refused.error().place.starts_with("byte "));
  }
}

TEST_CASE("a number keeps every digit that was written") {
  for (const std::string text : {"0", "-1", "18446744073709551615", "-9223372036854775808",
                                 "123456789012345678901234567890", "0.1000", "1e2", "1.5E-7", "-0.0"}) {
    INFO(text);
    const auto number = parse_json(text);
    REQUIRE(number);
    CHECK(number->number().text == text);
    CHECK(number->dump() == text);
  }
}

TEST_CASE("a dump is canonical: keys in order, no spaces, the same text for the same value") {
  const auto document =
      parse_json(R"( { "b" : [ 1 , true , null ] , "a" : { "d" : "\u00e9\n" , "c" : {} } } )");
  REQUIRE(document);
  CHECK(document->dump() == "{\"a\":{\"c\":{},\"d\":\"é\\n\"},\"b\":[1,true,null]}");
  CHECK(parse_json(document->dump()).value() == *document);
  CHECK(parse_json(document->pretty()).value() == *document);
  CHECK(Json::object({{"z", 1}, {"a", Json::array()}}).pretty() == "{\n  \"a\": [],\n  \"z\": 1\n}");
}

TEST_CASE("a dump is UTF-8 whatever was put in") { CHECK(Json("a\xff").dump() == "\"a\xef\xbf\xbd\""); }

TEST_CASE("the last of two equal keys counts") {
  CHECK(parse_json(R"({"a":1,"a":{"b":2}})")->dump() == R"({"a":{"b":2}})");
}

TEST_CASE("a document is built as one goes") {
  Json document;
  document["list"].push_back(1);
  document["list"].push_back("two");
  document["map"]["inner"] = true;
  CHECK(document.dump() == R"({"list":[1,"two"],"map":{"inner":true}})");
  CHECK(document.size() == 2);
  CHECK(document.find("map")->find("inner")->boolean());
  CHECK(document.find("missing") == nullptr);
  CHECK(Json("text").find("a") == nullptr);
  CHECK(Json("text").size() == 0);
}

TEST_CASE("a stream tells the same wherever it is cut") {
  const std::string text =
      R"({"key":["é\u00e9\\",-12.50,{"a":null,"b":false}],"empty":{},"n":12345678901234567890})";
  Words whole;
  REQUIRE(stream_json(text, whole));
  CHECK(whole.heard() ==
        "{ key: [ 'éé\\' -12.50 { a: null b: false } ] empty: { } n: 12345678901234567890 }");
  for (std::size_t size = 1; size <= text.size(); ++size) {
    INFO(size);
    Words pieces;
    REQUIRE(stream_json(in_pieces(text, size), pieces));
    CHECK(pieces.heard() == whole.heard());
  }
}

TEST_CASE("a stream that ends too early is an error, one that the hearer ends is not") {
  Words all;
  const auto cut = stream_json(in_pieces("{\"a\":[1,2", 2), all);
  REQUIRE_FALSE(cut);
  CHECK(all.heard() == "{ a: [ 1 2");
  Words three(3);
  CHECK(stream_json(in_pieces("{\"a\":[1,2", 2), three));
  CHECK(three.heard() == "{ a: [");
  CHECK_FALSE(stream_json([] { return std::string_view(); }, all));
}

TEST_CASE("a builder hands over one value and starts anew") {
  JsonBuilder builder;
  CHECK_FALSE(builder.done());
  builder.begin_object();
  builder.key("a");
  builder.begin_array();
  builder.number("1");
  CHECK_FALSE(builder.done());
  builder.begin_object();
  builder.key("b");
  builder.string("c");
  builder.end_object();
  builder.boolean(true);
  builder.end_array();
  builder.key("d");
  builder.null();
  builder.end_object();
  CHECK(builder.done());
  CHECK(builder.take().dump() == R"({"a":[1,{"b":"c"},true],"d":null})");
  CHECK_FALSE(builder.done());
  builder.string("next");
  CHECK(builder.done());
  CHECK(builder.take() == Json("next"));
}

}  // namespace
}  // namespace slipway
