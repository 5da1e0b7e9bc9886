#include "Arena.h"

#include <c10/core/CPUAllocator.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

namespace ctorch {

namespace {

constexpr size_t line = 64;             // of cache; blocks begin at one
constexpr size_t least = 16 << 10;      // smaller blocks are malloc's, which has lists for them
constexpr size_t least_rest = 4 << 10;  // a free block is not cut for less
constexpr size_t huge_page = 2 << 20;

size_t rounded_up(size_t n, size_t to) { return (n + to - 1) / to * to; }

}  // namespace

Arena *Arena::shared() {
  static Arena *const made = [] {
    auto *arena = new Arena(*c10::GetCPUAllocator());
    if (arena->begin != nullptr) return arena;
    delete arena;
    return static_cast<Arena *>(nullptr);
  }();
  return made;
}

Arena::Arena(c10::Allocator &other) : other(other) {
  const size_t size = rounded_up(size_t(sysconf(_SC_PHYS_PAGES)) * size_t(sysconf(_SC_PAGESIZE)), huge_page);
  void *mapped = mmap(nullptr, size + huge_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) return;  // a limit on addresses, or on promises of memory
  begin = top = touched = reinterpret_cast<char *>(rounded_up(reinterpret_cast<size_t>(mapped), huge_page));
  end = begin + size;
  madvise(begin, size, MADV_HUGEPAGE);  // where there are none, nothing is lost
}

c10::DataPtr Arena::allocate(size_t n) {
  char *at = nullptr;
  if (n >= least && n < size_t(end - begin)) {
    const std::lock_guard<std::mutex> guard(lock);
    at = take(rounded_up(n, line) + line);
  }
  if (at == nullptr) return other.allocate(n);
  return {at + line, at + line, &Arena::release, c10::Device(c10::DeviceType::CPU)};
}

char *Arena::take(size_t size) {
  char *at;
  const auto fitting = by_size.lower_bound({size, nullptr});
  if (fitting != by_size.end()) {
    const auto [found, place] = *fitting;
    forget(by_place.find(place));
    at = place;
    if (found - size >= least_rest) {
      keep(at + size, found - size);
    } else {
      size = found;
    }
  } else {
    if (size > size_t(end - top)) return nullptr;
    at = top;
    top += size;
    touched = std::max(touched, top);
  }
  *reinterpret_cast<size_t *>(at) = size;
  used_bytes += size;
  return at;
}

void Arena::give_back(char *at) {
  size_t size = *reinterpret_cast<size_t *>(at);
  used_bytes -= size;
  auto next = by_place.lower_bound(at);
  if (next != by_place.begin()) {
    if (const auto previous = std::prev(next); previous->first + previous->second == at) {
      at = previous->first;
      size += previous->second;
      forget(previous);
    }
  }
  if (next != by_place.end() && at + size == next->first) {
    size += next->second;
    forget(next);
  }
  if (at + size == top) {
    top = at;
  } else {
    keep(at, size);
  }
}

void Arena::keep(char *at, size_t size) {
  by_place.emplace(at, size);
  by_size.emplace(size, at);
}

void Arena::forget(std::map<char *, size_t>::iterator block) {
  by_size.erase({block->second, block->first});
  by_place.erase(block);
}

void Arena::release(void *data) {
  Arena &arena = *shared();
  char *at = static_cast<char *>(data);
  if (at < arena.begin || at >= arena.end) return arena.other.raw_deleter()(data);
  const std::lock_guard<std::mutex> guard(arena.lock);
  arena.give_back(at - line);
}

Arena::Bytes Arena::bytes() {
  const std::lock_guard<std::mutex> guard(lock);
  return {used_bytes, size_t(touched - begin)};
}

}  // namespace ctorch
