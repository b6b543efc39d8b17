#include "core/crypto.h"
#include "core/failure.h"
#include "tests/vcs/fake_github.h"

#include <fmt/format.h>

namespace slipway::vcs {

Json fake_user(const std::string& login) {
  if (login.empty()) return nullptr;
  const bool app = login.ends_with("[bot]");
  return Json::object({{"login", login}, {"id", 7}, {"type", app ? "Bot" : "User"}});
}

std::string fake_stamp(Time time) {
  const std::string text = to_rfc3339(time);
  return text.substr(0, text.find('.')) + "Z";
}

FakeGithub::FakeGithub() { repo("acme/infra"); }

HostConfig FakeGithub::config() const {
  HostConfig config;
  config.name = "github";
  config.url = "https://github.com";
  config.token = Secret(std::string(kFakeToken));
  config.webhook_secrets = {Secret("hush")};
  config.pause = [](std::chrono::milliseconds, std::stop_token stop) {
    if (stop.stop_requested()) throw Stopped();
  };
  return config;
}

Time FakeGithub::tick() { return now += std::chrono::seconds(1); }

FakeGithub::Repo& FakeGithub::repo(const std::string& path) {
  auto [found, is_new] = repos.try_emplace(path);
  if (is_new) {
    found->second.path = path;
    found->second.id = ++last_id_;
  }
  return found->second;
}

std::int64_t FakeGithub::open_pull(const NewPull& asked) {
  Repo& in = repo(asked.repo);
  const auto number = static_cast<std::int64_t>(in.pulls.size() + in.issues.size()) + 1;
  Pull& made = in.pulls[number];
  made.number = number;
  made.title = asked.title;
  made.author = asked.author;
  made.draft = asked.draft;
  made.head_repo = asked.from_fork ? asked.author + "/infra" : asked.repo;
  made.head_branch = asked.head_branch;
  made.head = asked.head;
  made.base_branch = asked.base_branch;
  made.base = std::string(40, 'b');
  made.updated = tick();
  return number;
}

void FakeGithub::close_pull(const std::string& path, std::int64_t number) {
  pull(path, number).state = "closed";
  pull(path, number).updated = tick();
}

Sha FakeGithub::merge_pull(const std::string& path, std::int64_t number) {
  Pull& merged = pull(path, number);
  merged.state = "closed";
  merged.merged_at = merged.updated = tick();
  merged.merged_by = "alice";
  merged.merge_commit = std::string(40, 'c');
  return merged.merge_commit;
}

void FakeGithub::review(const std::string& path, std::int64_t number, const std::string& author,
                        bool approved) {
  Pull& of = pull(path, number);
  of.reviews.push_back({author, approved ? "APPROVED" : "CHANGES_REQUESTED", of.head, tick()});
}

std::int64_t FakeGithub::comment(const std::string& path, std::int64_t number, const std::string& author,
                                 const std::string& body) {
  const Time at = tick();
  const Said said{++last_id_, author, body, at, at};
  Repo& in = repos.at(path);
  if (const auto spoken_on = in.pulls.find(number); spoken_on != in.pulls.end()) {
    spoken_on->second.comments.push_back(said);
    spoken_on->second.updated = at;
  } else {
    in.said_on_issues[number].push_back(said);
  }
  return last_id_;
}

void FakeGithub::delete_comment(const std::string& path, std::int64_t id) {
  for (auto& [number, one] : repos.at(path).pulls)
    std::erase_if(one.comments, [&](const Said& comment) { return comment.id == id; });
}

void FakeGithub::permit(const std::string& path, const std::string& who, Permission permission) {
  constexpr std::string_view kWords[] = {"none", "read", "write", "admin"};
  repo(path).permissions[who] = kWords[static_cast<int>(permission)];
}

void FakeGithub::join_team(const std::string& team, const std::string& who) {
  teams[team.substr(1)].insert(who);
}

std::vector<Comment> FakeGithub::comments(const std::string& path, std::int64_t number) const {
  std::vector<Comment> out;
  for (const Said& one : repos.at(path).pulls.at(number).comments)
    out.push_back({one.id, one.author, one.body, one.created});
  return out;
}

std::vector<CommitStatus> FakeGithub::statuses(const std::string& path) const {
  return repos.at(path).statuses;
}

Delivery FakeGithub::delivery(const std::string& path, std::int64_t number, std::string_view secret) const {
  const Repo& in = repos.at(path);
  const std::string body = Json::object({{"action", "opened"},
                                         {"number", number},
                                         {"pull_request", pull_json(in, in.pulls.at(number))},
                                         {"repository", Json::object({{"id", in.id}, {"full_name", path}})},
                                         {"sender", fake_user("alice")}})
                               .dump();
  return {{{"content-type", "application/json"},
           {"user-agent", "GitHub-Hookshot/fake"},
           {"x-github-delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"},
           {"x-github-event", "pull_request"},
           {"x-hub-signature-256", "sha256=" + to_hex(hmac_sha256(secret, body))}},
          body};
}

Json FakeGithub::pull_json(const Repo& in, const Pull& of) const {
  const auto repo_json = [&](const std::string& path) {
    const auto known = repos.find(path);
    return Json::object(
        {{"id", known == repos.end() ? std::int64_t{99} : known->second.id}, {"full_name", path}});
  };
  Json json = Json::object(
      {{"id", of.number * 1000},
       {"number", of.number},
       {"title", of.title},
       {"user", fake_user(of.author)},
       {"html_url", fmt::format("https://github.com/{}/pull/{}", in.path, of.number)},
       {"state", of.state},
       {"draft", of.draft},
       {"merged", of.merged_at.has_value()},
       {"merged_at", of.merged_at ? Json(fake_stamp(*of.merged_at)) : Json()},
       {"merged_by", fake_user(of.merged_by)},
       {"merge_commit_sha", of.merge_commit.empty() ? Json() : Json(of.merge_commit)},
       {"mergeable", of.mergeable ? Json(*of.mergeable) : Json()},
       {"author_association", "CONTRIBUTOR"},
       {"updated_at", fake_stamp(of.updated)},
       {"body", std::string(500, 'x')},
       {"base", Json::object({{"ref", of.base_branch},
                              {"sha", of.base},
                              {"repo", Json::object({{"id", in.id}, {"full_name", in.path}})}})}});
  json["head"] = Json::object({{"ref", of.head_branch},
                               {"sha", of.head},
                               {"repo", of.head_repo ? repo_json(*of.head_repo) : Json()}});
  return json;
}

std::unique_ptr<FakeForge> make_fake_forge(std::string_view kind) {
  if (kind == "github") return std::make_unique<FakeGithub>();
  return nullptr;
}

}  // namespace slipway::vcs
