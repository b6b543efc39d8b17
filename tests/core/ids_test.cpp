#include "core/ids.h"

#include <catch2/catch.hpp>

namespace slipway {
namespace {

TEST_CASE("a repository is named owner/name, or deeper") {
  for (const std::string name : {"acme/infra", "acme/group/sub/infra", "a/b", "a_b/c.d-e", "a/.github"}) {
    INFO(name);
    CHECK(parse_repo_path(name).value() == name);
  }
}

TEST_CASE("a repository's name that could be a path, an option or a word of a shell is refused") {
  for (const std::string name : {"",
                                 "infra",
                                 "/infra",
                                 "acme/",
                                 "acme//infra",
                                 "../infra",
                                 "acme/..",
                                 "./infra",
                                 "acme/.",
                                 "-x/infra",
                                 "acme/--upload-pack=x",
                                 "acme/in fra",
                                 "acme/infra;id",
                                 "acme/$(id)",
                                 "acme/in\nfra",
                                 "acme/infra?x=1",
                                 "acme/infra#1",
                                 "user@acme/infra",
                                 "https://acme/infra",
                                 "acme\\infra",
                                 "acme/infr\xc3\xa0"}) {
    INFO(name);
    CHECK_FALSE(parse_repo_path(name));
  }
  CHECK_FALSE(parse_repo_path(std::string("acme/in\0fra", 11)));
  CHECK_FALSE(parse_repo_path("acme/" + std::string(kMaxRepoPath, 'a')));
}

TEST_CASE("a directory is normalized and stays in the tree") {
  CHECK(parse_dir("").value() == ".");
  CHECK(parse_dir(".").value() == ".");
  CHECK(parse_dir("./a//b/").value() == "a/b");
  CHECK(parse_dir("prod/web").value() == "prod/web");
  CHECK(parse_dir("größe/a b").value() == "größe/a b");
  CHECK(parse_dir("...").value() == "...");
}

TEST_CASE("a directory that leaves the tree, or looks like an option, is refused") {
  for (const std::string dir :
       {"/etc", "..", "a/../..", "a/../b", "a/..", "-d", "a/-rf", "a\\b", "a\nb", "a\x7f", "a/\x1b[0m"}) {
    INFO(dir);
    CHECK_FALSE(parse_dir(dir));
  }
  CHECK_FALSE(parse_dir(std::string("a\0b", 3)));
  CHECK_FALSE(parse_dir(std::string(kMaxDir + 1, 'a')));
}

TEST_CASE("a workspace is one plain word") {
  CHECK(parse_workspace("default").value() == "default");
  CHECK(parse_workspace("eu-1_b.2").value() == "eu-1_b.2");
  for (const std::string name : {"", "-x", ".", "..", "a/b", "a b", "a'b", "a\n", "*", "é"}) {
    INFO(name);
    CHECK_FALSE(parse_workspace(name));
  }
  CHECK(parse_workspace(std::string(kMaxWorkspace, 'a')));
  CHECK_FALSE(parse_workspace(std::string(kMaxWorkspace + 1, 'a')));
}

TEST_CASE("a project's name may have slashes and no way up") {
  CHECK(parse_project_name("team/web.prod").value() == "team/web.prod");
  for (const std::string name : {"", "-p", "/web", "a..b", "../web", "a b", "a`b", "@acme", "a\tb"}) {
    INFO(name);
    CHECK_FALSE(parse_project_name(name));
  }
  CHECK_FALSE(parse_project_name(std::string(kMaxProjectName + 1, 'a')));
}

TEST_CASE("a commit is 40 or 64 small hex digits") {
  CHECK(parse_sha(std::string(40, 'a')));
  CHECK(parse_sha(std::string(64, '0')));
  for (const std::string& sha :
       {std::string(), std::string(39, 'a'), std::string(41, 'a'), std::string(40, 'A'), std::string(40, 'g'),
        std::string("--upload-pack=touch xxxxxxxxxxxxxxxxxxxx")}) {
    INFO(sha);
    CHECK_FALSE(parse_sha(sha));
  }
}

TEST_CASE("identities are said as people say them") {
  const PullId pull{{"github", "acme/infra"}, 12};
  CHECK(to_string(pull) == "github/acme/infra#12");
  CHECK(to_string(ProjectId{"prod/web", "default", ""}) == "prod/web");
  CHECK(to_string(ProjectId{"prod/web", "blue", ""}) == "prod/web@blue");
  CHECK(to_string(ProjectId{"prod/web", "blue", "shop"}) == "shop");
  CHECK(to_string(ChangeId{pull, {"prod/web", "default", ""}}) == "github/acme/infra#12 prod/web");
  CHECK(short_sha("9c1e4f2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") == "9c1e4f2");
}

TEST_CASE("two names of one directory and workspace are one state") {
  const RepoId repo{"github", "acme/infra"};
  CHECK(StateKey{repo, {"a", "default", "x"}}.text() == StateKey{repo, {"a", "default", "y"}}.text());
  CHECK(StateKey{repo, {"a", "default", ""}}.text() != StateKey{repo, {"a", "blue", ""}}.text());
}

}  // namespace
}  // namespace slipway
