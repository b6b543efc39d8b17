#include "templates/render.h"

#include <catch2/catch.hpp>

namespace slipway::templates {
namespace {

const Secret kKey("a key of ours");
const Marker kSticky{{{"github", "acme/infra"}, 12}, "sticky"};

TEST_CASE("a marker's line begins with the part that never changes") {
  const std::string start = marker_start(kSticky, kKey);
  CHECK(start.starts_with("<!-- slipway:v1 pr=acme/infra#12 slot=sticky mac="));
  const std::string first = marker_line(kSticky, "9c1e4f2d", kKey);
  const std::string second = marker_line(kSticky, "77ab031c", kKey);
  CHECK(first.starts_with(start));
  CHECK(second.starts_with(start));
  CHECK(first != second);
  CHECK(first.ends_with(" head=9c1e4f2d -->"));
}

TEST_CASE("a comment is ours by its marker alone") {
  const std::string body = marker_line(kSticky, "9c1e4f2d", kKey) + "\n\n### Terraform plan";
  CHECK(is_ours(body, kSticky, kKey));
  CHECK_FALSE(is_ours(" " + body, kSticky, kKey));
  CHECK_FALSE(is_ours("quoted: " + body, kSticky, kKey));
  CHECK_FALSE(is_ours(body, kSticky, Secret("another key")));
  CHECK_FALSE(is_ours("", kSticky, kKey));
}

TEST_CASE("a marker is of one forge, repository, pull request and slot") {
  const std::string body = marker_line(kSticky, "9c1e4f2d", kKey);
  Marker other = kSticky;
  other.pull.number = 13;
  CHECK_FALSE(is_ours(body, other, kKey));
  other = kSticky;
  other.pull.repo.path = "acme/infra2";
  CHECK_FALSE(is_ours(body, other, kKey));
  other = kSticky;
  other.pull.repo.forge = "gitlab";
  CHECK_FALSE(is_ours(body, other, kKey));
  other = kSticky;
  other.slot = "sticky2";
  CHECK_FALSE(is_ours(body, other, kKey));
}

TEST_CASE("a marker that was cut or changed is not ours") {
  const std::string body = marker_line(kSticky, "9c1e4f2d", kKey);
  const std::size_t end_of_start = marker_start(kSticky, kKey).size();
  for (std::size_t length = 0; length < end_of_start + 6; ++length)
    CHECK_FALSE(is_ours(body.substr(0, length), kSticky, kKey));
  for (std::size_t i = 0; i < end_of_start; ++i) {
    std::string changed = body;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    CHECK_FALSE(is_ours(changed, kSticky, kKey));
  }
}

TEST_CASE("nothing in a slot or a head can end the HTML comment") {
  const Marker hostile{{{"github", "acme/infra"}, 12}, "x --> <b>@all</b>\n"};
  const std::string line = marker_line(hostile, "head --> x", kKey);
  CHECK(line.find("-->") == line.size() - 3);
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.find("<b>") == std::string::npos);
  CHECK(is_ours(line, hostile, kKey));
}

}  // namespace
}  // namespace slipway::templates
