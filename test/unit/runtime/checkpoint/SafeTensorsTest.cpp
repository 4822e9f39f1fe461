//===- SafeTensorsTest.cpp - Files of tensors, whole and damaged ----------===//

#include "runtime/checkpoint/SafeTensors.h"

#include "runtime/base/LittleEndian.h"

#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <random>

namespace weft::checkpoint {
namespace {

using base::ElementType;
using testing::HasSubstr;

/// A file of that header, with spaces behind it, and so many bytes of data.
base::Bytes fileOf(std::string_view header, std::size_t dataBytes) {
  base::Bytes file;
  base::append(file, static_cast<std::uint64_t>(header.size()));
  base::ConstBytes text = base::bytesOf(header);
  file.insert(file.end(), text.begin(), text.end());
  for (std::size_t at = 0; at < dataBytes; ++at)
    file.push_back(static_cast<std::byte>(at));
  return file;
}

std::string refusal(std::string_view header, std::size_t dataBytes) {
  auto read = readSafeTensors(fileOf(header, dataBytes));
  return read ? "nothing" : read.error().message;
}

base::Bytes counted(std::size_t bytes) {
  base::Bytes out(bytes);
  for (std::size_t at = 0; at < bytes; ++at)
    out[at] = static_cast<std::byte>(at * 13 + 1);
  return out;
}

struct Small {
  base::Bytes table = counted(24), scale = counted(2), ids = counted(8);
  std::vector<NamedTensor> tensors{{"table", ElementType::f32, {2, 3}, table},
                                   {"scale", ElementType::bf16, {}, scale},
                                   {"none", ElementType::f64, {4, 0}, {}},
                                   {"i\"ds", ElementType::i64, {1}, ids}};
  base::Bytes file = encodedSafeTensors(tensors, {{"step", "12"}, {"by", "weft"}});
};

TEST(SafeTensors, ComeBack) {
  Small small;
  auto read = readSafeTensors(small.file);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->metadata, (Metadata{{"step", "12"}, {"by", "weft"}}));
  ASSERT_EQ(read->tensors.size(), 4u);
  for (const NamedTensor &wanted : small.tensors) {
    const TensorEntry *found = read->find(wanted.name);
    ASSERT_NE(found, nullptr) << wanted.name;
    EXPECT_EQ(found->type, wanted.type);
    EXPECT_EQ(found->shape, wanted.shape);
    EXPECT_TRUE(std::equal(found->bytes.begin(), found->bytes.end(), wanted.bytes.begin(), wanted.bytes.end()));
  }
  EXPECT_EQ(read->find("table")->text(), "f32[2, 3]");
  EXPECT_EQ(read->find("other"), nullptr);
}

TEST(SafeTensors, GoldenBytes) {
  base::Bytes nine(4, std::byte(9));
  NamedTensor one{"w", ElementType::f32, {1}, nine};
  base::Bytes file = encodedSafeTensors({&one, 1}, {});
  std::string header = R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  header.resize(56, ' ');
  EXPECT_EQ(base::textOf(file), std::string("\x38\0\0\0\0\0\0\0", 8) + header + "\t\t\t\t");
}

/// Another reader, from the published format and in another language, reads what is written.
TEST(SafeTensors, ReadByAnotherReader) {
  Small small;
  std::string path = testing::TempDir() + "another-reader.safetensors";
  std::ofstream(path, std::ios::binary) << base::textOf(small.file);
  std::string command = "python3 " SAFETENSORS_READER " '" + path +
                        "' 'by=weft step=12 i\"ds:I64[1]:8:1 none:F64[4,0]:0:- scale:BF16[]:2:1 table:F32[2,3]:24:1'";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  std::remove(path.c_str());
}

/// What others write: spaces, any order of keys and tensors, types that the language does not have.
TEST(SafeTensors, OthersFiles) {
  auto file = fileOf(R"({ "b" : {"shape":[2], "data_offsets":[2,4], "dtype":"F8_E4M3"},
                          "a":{"dtype":"I16","shape":[],"data_offsets":[0,2]}}    )",
                     4);
  auto read = readSafeTensors(file);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->tensors[0].name, "a");
  EXPECT_EQ(read->tensors[1].type, std::nullopt);
  EXPECT_EQ(read->tensors[1].text(), "F8_E4M3[2]");
  EXPECT_TRUE(readSafeTensors(fileOf("{}", 0)));
}

TEST(SafeTensors, RefusalsSayWhereAndWhat) {
  auto tensor = [](const char *dtype, const char *shape, const char *offsets) {
    return std::string("{\"w\":{\"dtype\":\"") + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets +
           "}}";
  };
  EXPECT_EQ(refusal(tensor("F32", "[2]", "[0,4]"), 4), "header, tensor 'w': data_offsets: span 4 bytes, f32[2] has 8");
  EXPECT_EQ(refusal(tensor("F32", "[2]", "[0,8]"), 7),
            "header, tensor 'w': data_offsets: ends at byte 8 of the data, which has 7 bytes; the file was cut off, or "
            "its header is wrong");
  EXPECT_EQ(refusal(tensor("F32", "[2]", "[8,0]"), 8),
            "header, tensor 'w': data_offsets: wanted a begin and an end that is not before it");
  EXPECT_EQ(refusal(tensor("F32", "[2]", "[0]"), 8),
            "header, tensor 'w': data_offsets: wanted a begin and an end that is not before it");
  EXPECT_EQ(refusal(tensor("F32", "[2]", "[0,8,9]"), 8), "header, tensor 'w': data_offsets: has more than 2 numbers");
  EXPECT_EQ(refusal(tensor("F32", "[1]", "[4,8]"), 8),
            "header, tensor 'w': data_offsets: begins at byte 4, wanted 0: the bytes before it are no tensor's");
  EXPECT_EQ(refusal(tensor("F32", "[1]", "[0,4]"), 8), "the data has 8 bytes, the header's tensors have 4");
  EXPECT_THAT(refusal(tensor("F33", "[1]", "[0,4]"), 4), HasSubstr("dtype: found 'F33', wanted one of BOOL, U8,"));
  EXPECT_EQ(refusal(tensor("F32", "[-1]", "[0,4]"), 4),
            "header, tensor 'w': shape: found -1, wanted a whole number that is not negative");
  EXPECT_EQ(refusal(tensor("F32", "[1.5]", "[0,4]"), 4),
            "header, tensor 'w': shape: found 1.5, wanted a whole number that is not negative");
  EXPECT_EQ(refusal(tensor("F32", "[99999999999999999999]", "[0,4]"), 4),
            "header, tensor 'w': shape: found 99999999999999999999, wanted a whole number that is not negative");
  EXPECT_THAT(refusal(tensor("F32", "[4294967296,4294967296]", "[0,4]"), 4), HasSubstr("more bytes than any file"));
  EXPECT_THAT(refusal(tensor("F32", "7", "[0,4]"), 4), HasSubstr("shape: found 7, wanted a list of numbers"));
  EXPECT_EQ(refusal(R"({"w":{"dtype":"F32","shape":[1]}})", 4), "header, tensor 'w': has no data_offsets");
  EXPECT_EQ(refusal(R"({"w":{"dtype":"F32","dtype":"F32"}})", 4),
            "header, tensor 'w': found 'dtype' twice, wanted dtype, shape and data_offsets");
  EXPECT_EQ(refusal(R"({"w":{"type":"F32"}})", 4),
            "header, tensor 'w': found 'type', wanted dtype, shape and data_offsets");
  EXPECT_EQ(refusal(R"({"__metadata__":{"a":1}})", 0), "header, __metadata__, 'a': found 1, wanted a text");
  EXPECT_EQ(refusal(R"({"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},
                        "v":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})",
                    2),
            "header, tensor 'v': data_offsets: begins at byte 0, wanted 1: it lies over the tensor before it");
  EXPECT_EQ(refusal(R"({"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"w":1})", 0),
            "header: 'w' stands there twice");
  EXPECT_EQ(refusal("[]", 0), "header: wanted '{' as its first byte");
  EXPECT_EQ(refusal("", 0), "header: wanted '{' as its first byte");
  EXPECT_THAT(refusal("{\"w\":", 0), HasSubstr("line 1, column"));
  EXPECT_THAT(refusal("{} x", 0), HasSubstr("line 1, column 4"));
  EXPECT_EQ(refusal("{\"\xff\":1}", 0), "header: byte 2 is not UTF-8");
}

TEST(SafeTensors, HeadersThatAreNone) {
  EXPECT_EQ(readSafeTensors({}).error().message, "has 0 bytes, wanted 8 for the length of a safetensors header");
  base::Bytes file = fileOf("{}", 0);
  base::store<std::uint64_t>(file.data(), 3);
  EXPECT_EQ(readSafeTensors(file).error().message,
            "says that its header has 3 bytes, behind its length there are 2; the file was cut off, or is no "
            "safetensors file");
  base::store<std::uint64_t>(file.data(), ~0ULL);
  EXPECT_THAT(readSafeTensors(file).error().message, HasSubstr("has 18446744073709551615 bytes, at most 100000000"));
}

TEST(SafeTensors, EveryCutIsRefused) {
  Small small;
  for (std::size_t size = 0; size < small.file.size(); ++size)
    EXPECT_FALSE(readSafeTensors(base::ConstBytes(small.file).first(size))) << size << " bytes";
}

/// Any header under a length that fits: what is read lies inside the file.
TEST(SafeTensors, ChangedHeadersAreReadOrRefused) {
  std::mt19937_64 random(7);
  Small small;
  int accepted = 0;
  for (int round = 0; round < 20000; ++round) {
    base::Bytes bytes = small.file;
    for (auto count = 1 + random() % 2; count > 0; --count)
      bytes[8 + random() % (bytes.size() - 8)] =
          static_cast<std::byte>(random() % 4 ? "0123456789[]{},:\""[random() % 17] : random());
    auto read = readSafeTensors(bytes);
    accepted += static_cast<bool>(read);
    if (read)
      for (const TensorEntry &tensor : read->tensors)
        EXPECT_TRUE(tensor.bytes.empty() || (tensor.bytes.data() >= bytes.data() &&
                                             tensor.bytes.data() + tensor.bytes.size() <= bytes.data() + bytes.size()));
    else
      EXPECT_FALSE(read.error().message.empty());
  }
  EXPECT_GT(accepted, 100);
}

} // namespace
} // namespace weft::checkpoint
