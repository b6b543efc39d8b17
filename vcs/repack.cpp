#include "vcs/repack.h"

#include "core/function_ref.h"

#include <git2/sys/odb_backend.h>

#include <filesystem>
#include <vector>

namespace slipway::vcs {
namespace {

namespace fs = std::filesystem;

using IdTaker = FunctionRef<void(const git_oid&)>;

void each_object(git_odb_backend* backend, IdTaker take) {
  const GitOdb odb = made<GitOdb>("opening the objects", git_odb_new);
  must(git_odb_add_backend(odb.get(), backend, 1), "opening the objects");  // which it frees
  must(git_odb_foreach(
           odb.get(),
           [](const git_oid* id, void* to) {
             (*static_cast<IdTaker*>(to))(*id);
             return 0;
           },
           &take),
       "listing the objects");
}

/// The index files of packs that are worth joining.
std::vector<fs::path> small_packs(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().extension() != ".idx") continue;
    fs::path pack = file.path();
    pack.replace_extension(".pack");
    std::error_code gone;
    const auto size = fs::file_size(pack, gone);
    if (!gone && size <= kSmallPack) out.push_back(file.path());
  }
  return out;
}

struct LooseObject {
  git_oid id;
  fs::path file;  // objects/ab/cdef…
};

std::vector<LooseObject> loose_objects(const fs::path& objects) {
  std::vector<LooseObject> out;
  for (const auto& folder : fs::directory_iterator(objects)) {
    const std::string begin = folder.path().filename().string();
    if (begin.size() != 2 || !folder.is_directory()) continue;
    for (const auto& file : fs::directory_iterator(folder.path())) {
      const std::string name = begin + file.path().filename().string();
      LooseObject object{{}, file.path()};
      if (name.size() == GIT_OID_HEXSZ && git_oid_fromstr(&object.id, name.c_str()) == 0)
        out.push_back(object);
    }
  }
  return out;
}

void write_pack(git_packbuilder* builder, const fs::path& folder) {
  must(git_packbuilder_write(builder, folder.c_str(), 0, nullptr, nullptr), "writing a pack");
}

void join_packs(git_repository* repository, const fs::path& folder) {
  const auto packs = small_packs(folder);
  if (packs.size() <= kMaxSmallPacks) return;
  const auto builder = made<GitPackbuilder>("joining packs", git_packbuilder_new, repository);
  for (const auto& index : packs) {
    git_odb_backend* backend = nullptr;
    must(git_odb_backend_one_pack(&backend, index.c_str()), "opening a pack");
    each_object(backend, [&](const git_oid& id) {
      must(git_packbuilder_insert(builder.get(), &id, nullptr), "joining packs");
    });
  }
  write_pack(builder.get(), folder);
  const std::string made_now = std::string("pack-") + git_packbuilder_name(builder.get());
  std::error_code ignored;
  for (fs::path file : packs) {
    if (file.stem() == made_now) continue;  // the same objects as one of them: the same name
    fs::remove(file, ignored);              // first the index: without it the pack is not looked for
    fs::remove(file.replace_extension(".pack"), ignored);
  }
}

void pack_loose(git_repository* repository, const fs::path& objects) {
  const auto loose = loose_objects(objects);
  if (loose.size() <= kMaxLooseObjects) return;
  const auto builder = made<GitPackbuilder>("packing loose objects", git_packbuilder_new, repository);
  for (const auto& object : loose)
    must(git_packbuilder_insert(builder.get(), &object.id, nullptr), "packing loose objects");
  write_pack(builder.get(), objects / "pack");
  std::error_code ignored;
  for (const auto& object : loose) fs::remove(object.file, ignored);
}

}  // namespace

void repack(git_repository* repository, const std::string& mirror) {
  const fs::path objects = fs::path(mirror) / "objects";
  join_packs(repository, objects / "pack");
  pack_loose(repository, objects);
}

}  // namespace slipway::vcs
