#include "core/failure.h"
#include "vcs/fetch_request.h"
#include "vcs/git.h"
#include "vcs/repack.h"
#include "vcs/repository.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>

namespace slipway::vcs {
namespace {

constexpr std::size_t kPackWindows = 1u << 30;  // bytes of packs that are mapped at a time
constexpr std::string_view kCommits = "refs/slipway/commits/";

/// The mirror's one writer, until this process ends: the kernel lets go of the lock even when it is killed.
void lock_for_good(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) throw Failure(fmt::format("opening {}: {}", path, std::strerror(errno)), Retry::Later);
  while (::flock(fd, LOCK_EX) != 0)
    if (errno != EINTR)
      throw Failure(fmt::format("locking {}: {}", path, std::strerror(errno)), Retry::Later);
}

/// https://host:port of a URL: what a token was given for.
std::string_view origin(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  return url.substr(0, url.find('/', scheme + 3));
}

/// What a fetch that was killed has left: nobody else writes packs while we hold the lock.
void remove_leftovers(const std::string& mirror) {
  std::error_code ignored;
  for (const auto& file : std::filesystem::directory_iterator(mirror + "/objects/pack", ignored))
    if (!file.path().filename().string().starts_with("pack-")) std::filesystem::remove(file.path(), ignored);
}

GitRepository open_or_make(const std::string& path) {
  git_repository* found = nullptr;
  const int code = git_repository_open_bare(&found, path.c_str());
  if (code == 0) return GitRepository(found);
  if (code != GIT_ENOTFOUND) must(code, "opening the mirror");
  git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
  options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_NO_DOTGIT_DIR | GIT_REPOSITORY_INIT_MKPATH;
  return made<GitRepository>("making the mirror", git_repository_init_ext, path.c_str(), &options);
}

/// One conversation with a git server.
class Fetch {
 public:
  explicit Fetch(const FetchRequest& request) : request_(request) {}

  FetchAnswer run() {
    try {
      use_git();
      set_limits();
      lock_for_good(request_.lock);
      repository_ = open_or_make(request_.mirror);
      remove_leftovers(request_.mirror);
      bring();
    } catch (const Failure& failure) {  // it goes on as an answer: the parent throws it again
      if (answer_.trouble == FetchTrouble::None) answer_.trouble = FetchTrouble::Other;
      answer_.words = failure.what();
      return answer_;
    }
    tidy();
    return answer_;
  }

 private:
  /// A mirror that can't be tidied is whole all the same.
  void tidy() {
    try {
      repack(repository_.get(), request_.mirror);
    } catch (const std::exception& trouble) {
      std::cerr << "joining packs: " << trouble.what() << '\n';
    }
  }

  void set_limits() {
    must(git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, kPackWindows), "bounding memory");
    bound_objects(static_cast<std::size_t>(std::min<std::uint64_t>(request_.pack_bytes, kMaxObjectBytes)));
    if (!request_.ca_file.empty())
      need(git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, request_.ca_file.c_str(), nullptr),
           "reading the ca_file");
  }

  void bring() {
    if (!request_.commit.empty() && request_.refs.empty() && has(oid_of(request_.commit))) return;
    remote_ = made<GitRemote>("naming the server", git_remote_create_anonymous, repository_.get(),
                              request_.url.c_str());
    git_remote_connect_options options = GIT_REMOTE_CONNECT_OPTIONS_INIT;
    options.callbacks = callbacks();
    options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
    need(git_remote_connect_ext(remote_.get(), GIT_DIRECTION_FETCH, &options), "asking the git server");
    const auto theirs = advertised();
    std::map<std::string, std::optional<git_oid>> wanted;  // our refs and where they shall stand
    std::vector<std::string> specs;
    for (const auto& ref : request_.refs) {
      const auto found = theirs.find(ref);
      wanted[ref] = found == theirs.end() ? std::nullopt : std::optional(found->second);
      if (found != theirs.end() && !has(found->second)) specs.push_back(fmt::format("+{0}:{0}", ref));
    }
    if (!request_.commit.empty()) {
      const git_oid oid = oid_of(request_.commit);
      wanted[std::string(kCommits) + request_.commit] = oid;
      if (!has(oid)) specs.push_back(commit_spec(oid, theirs));
    }
    if (!specs.empty()) download(specs);
    git_remote_disconnect(remote_.get());
    for (const auto& [ref, oid] : wanted) oid ? place(ref, *oid) : drop(ref);
  }

  std::map<std::string, git_oid> advertised() {
    const git_remote_head** heads = nullptr;
    std::size_t count = 0;
    need(git_remote_ls(&heads, &count, remote_.get()), "reading the server's refs");
    std::map<std::string, git_oid> out;
    for (std::size_t i = 0; i < count; ++i) out.emplace(heads[i]->name, heads[i]->oid);
    return out;
  }

  /// By a ref that stands there, which every server gives; else by its id, which those that allow it give.
  std::string commit_spec(const git_oid& oid, const std::map<std::string, git_oid>& theirs) const {
    for (const auto& [ref, at] : theirs)
      if (git_oid_equal(&at, &oid) && ref != "HEAD")
        return fmt::format("+{}:{}{}", ref, kCommits, request_.commit);
    return fmt::format("+{0}:{1}{0}", request_.commit, kCommits);
  }

  void download(std::vector<std::string>& specs) {
    std::vector<char*> texts;
    for (auto& spec : specs) texts.push_back(spec.data());
    const git_strarray list{texts.data(), texts.size()};
    git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
    options.callbacks = callbacks();
    options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    options.update_fetchhead = 0;
    need(git_remote_download(remote_.get(), &list, &options), "fetching");
    const git_indexer_progress* stats = git_remote_stats(remote_.get());
    answer_.objects = stats->total_objects;
    answer_.bytes = received_;
  }

  void place(const std::string& ref, const git_oid& oid) {
    if (!has(oid)) throw Failure(fmt::format("the git server did not send {}", ref), Retry::Later);
    drop_in_the_way_of(ref);
    made<GitReference>("writing a ref", git_reference_create, repository_.get(), ref.c_str(), &oid, 1,
                       nullptr);
  }

  void drop(const std::string& ref) {
    git_oid at;
    const int code = git_reference_name_to_id(&at, repository_.get(), ref.c_str());
    if (code == GIT_ENOTFOUND) return;
    must(code, "reading a ref");
    must(git_reference_remove(repository_.get(), ref.c_str()), "dropping a ref");
  }

  /// "release" and "release/1" can't both be: of two, one is gone from the server.
  void drop_in_the_way_of(const std::string& ref) {
    for (auto slash = ref.find('/', sizeof "refs/" - 1); slash != std::string::npos;
         slash = ref.find('/', slash + 1))
      drop(ref.substr(0, slash));
    const auto below = made<GitReferences>("listing refs", git_reference_iterator_glob_new, repository_.get(),
                                           (ref + "/*").c_str());
    std::vector<std::string> names;
    for (const char* name = nullptr; git_reference_next_name(&name, below.get()) == 0;)
      names.emplace_back(name);
    for (const auto& name : names) drop(name);
  }

  bool has(const git_oid& oid) const {
    const GitOdb odb = made<GitOdb>("opening the objects", git_repository_odb, repository_.get());
    return git_odb_exists(odb.get(), &oid) == 1;
  }

  git_remote_callbacks callbacks() {
    git_remote_callbacks out = GIT_REMOTE_CALLBACKS_INIT;
    out.credentials = [](git_credential** credential, const char* url, const char*, unsigned allowed,
                         void* self) {
      return static_cast<Fetch*>(self)->credentials(credential, url, allowed);
    };
    out.transfer_progress = [](const git_indexer_progress* stats, void* self) {
      return static_cast<Fetch*>(self)->received(*stats);
    };
    out.payload = this;
    return out;
  }

  int credentials(git_credential** credential, const char* url, unsigned allowed) {
    const bool ours = origin(url) == origin(request_.url);
    const bool possible = (allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) != 0 && !request_.password.empty();
    if (ours && possible && !std::exchange(asked_, true))
      return git_credential_userpass_plaintext_new(credential, request_.username.c_str(),
                                                   request_.password.reveal().c_str());
    refused_ = true;
    git_error_set_str(GIT_ERROR_HTTP, !ours      ? "another server than the configured one asks for the token"
                                      : possible ? "the git server refused the token"
                                                 : "the git server asks for a token");
    return GIT_EUSER;
  }

  int received(const git_indexer_progress& stats) {
    received_ = stats.received_bytes;
    if (received_ <= request_.pack_bytes) return 0;
    too_large_ = true;
    git_error_set_str(GIT_ERROR_INDEXER, "the pack is too large");
    return GIT_EUSER;
  }

  int need(int code, std::string_view doing) {
    if (code < 0) answer_.trouble = trouble_of(code);
    return must(code, doing);
  }

  FetchTrouble trouble_of(int code) const {
    if (refused_ || code == GIT_EAUTH) return FetchTrouble::Credentials;
    if (code == GIT_ECERTIFICATE) return FetchTrouble::Certificate;
    const git_error* error = git_error_last();
    const std::string_view words = error != nullptr ? error->message : "";
    if (too_large_ || words.ends_with("overly large object")) return FetchTrouble::TooLarge;
    if (words.ends_with("status code: 401") || words.ends_with("status code: 403"))
      return FetchTrouble::Credentials;
    return words.ends_with("status code: 404") ? FetchTrouble::NotFound : FetchTrouble::Other;
  }

  const FetchRequest& request_;
  FetchAnswer answer_;
  GitRepository repository_;
  GitRemote remote_;
  bool asked_ = false;
  bool refused_ = false;
  bool too_large_ = false;
  std::uint64_t received_ = 0;
};

}  // namespace

int fetch_child() {
  const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
  const auto request = FetchRequest::from_json(input);
  if (!request) {
    std::cerr << "the request is not understood: " << request.error().text() << '\n';
    return 2;
  }
  std::cout << Fetch(*request).run().to_json().dump() << std::flush;
  return std::cout ? 0 : 1;
}

}  // namespace slipway::vcs
