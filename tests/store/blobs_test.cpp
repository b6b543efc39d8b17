#include "store/blobs.h"

#include "core/failure.h"
#include "store/disk_blobs.h"
#include "tests/store/contract.h"
#include "tests/store/temporary_dir.h"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <fstream>

using namespace slipway;
using namespace slipway::store;

namespace {

Sealed sealed(std::string bytes) { return Sealed::stored(std::move(bytes)); }

mode_t mode_of(const std::string& path) {
  struct stat found{};
  REQUIRE(stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777;
}

std::size_t files_below(const std::string& path) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
    count += entry.is_regular_file();
  return count;
}

}  // namespace

TEST_CASE("a blob is there from put to drop") {
  const AnyStore store = any_store();
  const std::string bytes("\x00 sealed \xff", 10);
  CHECK_FALSE(store->blobs().has("0a1b2c"));
  CHECK_THROWS_AS(store->blobs().get("0a1b2c"), Failure);
  store->blobs().put("0a1b2c", sealed(bytes));
  CHECK(store->blobs().has("0a1b2c"));
  CHECK(store->blobs().get("0a1b2c").bytes() == bytes);
  store->blobs().drop("0a1b2c");
  CHECK_FALSE(store->blobs().has("0a1b2c"));
  CHECK_NOTHROW(store->blobs().drop("0a1b2c"));
}

TEST_CASE("a blob put again has its newest bytes: they may be sealed by another key") {
  const AnyStore store = any_store();
  store->blobs().put("0a1b2c", sealed("old key"));
  store->blobs().put("0a1b2c", sealed("new key"));
  CHECK(store->blobs().get("0a1b2c").bytes() == "new key");
}

TEST_CASE("blobs are private files in folders by the beginning of their names") {
  const TemporaryDir dir;
  DiskBlobs blobs(dir / "blobs");
  blobs.prepare();
  blobs.put("0a1b2c", sealed("bytes"));
  CHECK(mode_of(dir / "blobs") == 0700);
  CHECK(mode_of(dir / "blobs/0a") == 0700);
  CHECK(mode_of(dir / "blobs/0a/0a1b2c") == 0600);
  CHECK(files_below(dir / "blobs") == 1);  // no draft is left
}

TEST_CASE("what a crash left half written is swept away, and what is whole stays") {
  const TemporaryDir dir;
  DiskBlobs blobs(dir / "blobs");
  blobs.prepare();
  blobs.put("0a1b2c", sealed("bytes"));
  std::ofstream(dir / "blobs/unfinished/0a1b2d.1.0") << "by";
  DiskBlobs next(dir / "blobs");
  next.prepare();
  CHECK(files_below(dir / "blobs") == 1);
  CHECK(next.get("0a1b2c").bytes() == "bytes");
  CHECK_FALSE(next.has("0a1b2d"));
}

TEST_CASE("a name that is a path, or hidden, is refused") {
  const TemporaryDir dir;
  DiskBlobs blobs(dir / "blobs");
  blobs.prepare();
  for (const char* name : {"", "abc", "../../etc", "ab/cdef", ".abcdef", "abc def", "abc\ndef"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(blobs.put(name, sealed("bytes")), Failure);
    CHECK_THROWS_AS(blobs.get(name), Failure);
    CHECK_THROWS_AS(blobs.has(name), Failure);
    CHECK_THROWS_AS(blobs.drop(name), Failure);
  }
  CHECK_THROWS_AS(blobs.has(std::string(129, 'a')), Failure);
  CHECK(files_below(dir.path()) == 0);
}

TEST_CASE("a sweeper doesn't drop a blob that somebody just put again") {
  const TemporaryDir dir;
  DiskBlobs blobs(dir / "blobs");
  blobs.prepare();
  blobs.put("0a1b2c", sealed("bytes"));
  blobs.put("0a1b2c", sealed("bytes"));  // a second plan with the same lock file is about to name it
  blobs.drop("0a1b2c");
  CHECK(blobs.has("0a1b2c"));
}

TEST_CASE("compressed bytes come back whole, and are fewer") {
  const std::string plain = std::string(100'000, 'a') + std::string("\x00\xff", 2);
  const std::string packed = compress(plain);
  CHECK(packed.size() < 1'000);
  CHECK(decompress(packed, plain.size()) == plain);
  CHECK(decompress(compress(""), 0).empty());
}

TEST_CASE("more bytes than allowed are refused, whatever the frame says of its size") {
  const std::string packed = compress(std::string(100'000, 'a'));
  CHECK_THROWS_WITH(decompress(packed, 99'999), Catch::Contains("larger"));
  CHECK(decompress(packed, 100'000).size() == 100'000);
}

TEST_CASE("a frame that doesn't say its size is read up to the limit") {
  // One block that repeats a byte 1,000 times, by RFC 8878: magic, descriptor, window, block header, byte.
  const std::string packed(
      "\x28\xb5\x2f\xfd\x00\x00\x43\x1f\x00"
      "a",
      10);
  CHECK(decompress(packed, 1'000) == std::string(1'000, 'a'));
  CHECK_THROWS_WITH(decompress(packed, 999), Catch::Contains("larger"));
}

TEST_CASE("bytes that are no whole frame are refused") {
  const std::string packed = compress(std::string(1'000, 'a') + "b");
  CHECK_THROWS_AS(decompress("", 100), Failure);
  CHECK_THROWS_AS(decompress("plain text", 100), Failure);
  CHECK_THROWS_AS(decompress(packed.substr(0, packed.size() - 3), 10'000), Failure);
  CHECK_THROWS_AS(decompress(packed + "rest", 10'000), Failure);
}
