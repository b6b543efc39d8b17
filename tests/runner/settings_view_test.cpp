#include "runner/settings_view.h"

#include "tests/runner/rooms.h"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace slipway;
using namespace slipway::runner;

TEST_CASE("what runs see of /etc has the server's names and no account of its people") {
  const Scratch data;
  const SettingsView view = SettingsViews(data / "sandbox").current();
  CHECK_THAT(view.places, Catch::VectorContains(std::string("/hosts")));
  CHECK(read_file(view.directory + "/hosts") == read_file("/etc/hosts"));
  CHECK(read_file(view.directory + "/passwd").find("slipway:x:") != std::string::npos);
  CHECK(read_file(view.directory + "/passwd").find("daemon") == std::string::npos);
}

TEST_CASE("the same settings are copied once, by whoever is first") {
  const Scratch data;
  const SettingsViews one(data / "sandbox");
  const SettingsViews two(data / "sandbox");
  CHECK(one.current().directory == two.current().directory);
  CHECK(std::distance(std::filesystem::directory_iterator(data / "sandbox"), {}) == 1);
}

TEST_CASE("settings that somebody removed are copied again") {
  const Scratch data;
  const SettingsViews views(data / "sandbox");
  remove_tree(views.current().directory);
  CHECK(exists(views.current().directory + "/passwd"));
}
