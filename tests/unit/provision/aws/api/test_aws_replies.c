#include "aws_call.h"
#include "aws_tags.h"
#include "err.h"
#include "form.h"
#include "xml_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void forms_are_encoded_as_aws_signs_them(void **state)
{
    struct form f = { 0 };
    (void)state;
    form_start(&f, "Do", "2016-11-15");
    form_add(&f, "Plain", "AZaz09-_.~");
    form_add(&f, "Odd", "a b+c/d=e&f%g:\xC3\xA9\n");
    form_addf(&f, "x", "Filter.%d.Value.%d", 1, 2);
    form_add_number(&f, "N", 65535);
    form_add(&f, "Empty", "");
    assert_false(f.failed);
    assert_string_equal(
        f.text, "Action=Do&Version=2016-11-15&Plain=AZaz09-_.~&Odd=a+b%2Bc%2Fd%3De%26f%25g%3A%C3%A9%0A"
                "&Filter.1.Value.2=x&N=65535&Empty=");
    assert_int_equal(strlen(f.text), f.length_bytes);
    form_fini(&f);
}

static void xml_is_walked_by_local_names(void **state)
{
    static const char text[] =
        "<?xml version=\"1.0\"?><a:R xmlns:a=\"http://one/\" xmlns=\"http://two/\"> <set> "
        "<item><id>1</id></item>"
        "<!-- no --><item><id>2<![CDATA[&3]]></id></item></set><b><c>x &lt; y</c></b></a:R>";
    struct xml_node *root = xml_tree_parse(text, strlen(text));
    char out[8];
    (void)state;
    assert_non_null(root);
    assert_string_equal(xml_tree_name(root), "R");
    assert_int_equal(xml_tree_count(root, "set"), 2);
    const struct xml_node *second = xml_tree_next(xml_tree_first(root, "set"));
    assert_int_equal(xml_tree_text(second, "id", out, sizeof out), 3);
    assert_string_equal(out, "2&3");
    assert_null(xml_tree_next(second));
    assert_int_equal(xml_tree_text(root, "b/c", out, 4), 5);
    assert_string_equal(out, "x <");
    assert_int_equal(xml_tree_text(root, "b/none", out, sizeof out), 0);
    assert_string_equal(out, "");
    assert_ptr_equal(xml_tree_find(root, "c"), xml_tree_first(root, "b"));
    assert_null(xml_tree_find(root, "d"));
    xml_tree_free(root);
}

static void text_of_a_reply_is_safe_to_print(void **state)
{
    static const char text[] = "<r><reason>\xC2\x9B"
                               "2J&#x202E;spoof&#10;\tfake \xC3\xA9</reason></r>";
    struct xml_node *root = xml_tree_parse(text, strlen(text));
    char out[40];
    (void)state;
    assert_int_equal(xml_tree_text(root, "reason", out, sizeof out), 21);
    assert_string_equal(out, "??2J???spoof  fake \xC3\xA9");
    xml_tree_text(root, "reason", out, 21); /* the last character does not fit */
    assert_string_equal(out, "??2J???spoof  fake ");
    xml_tree_raw(root, "reason", out, sizeof out);
    assert_string_equal(out, "\xC2\x9B"
                             "2J\u202Espoof\n\tfake \xC3\xA9");
    xml_tree_free(root);
}

static void what_is_no_plain_xml_is_refused(void **state)
{
    static const char *const texts[] = {
        "",        "x", "<a>", "<a></b>", "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>",
        "<a/><b/>"
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_null(xml_tree_parse(texts[i], strlen(texts[i])));
}

static void tags_are_read_in_both_spellings(void **state)
{
    static const char *const texts[] = {
        "<r><tagSet><item><key>Name</key><value>n</value></item><item><key>loadgen-run</key><value>0a1b</"
        "value></item>"
        "<item><key>loadgen-role</key><value>cluster1/us-east-1b</value></item></tagSet></r>",
        "<r><tagSet><member><Key>loadgen-role</Key><Value>cluster1/us-east-1b</Value></"
        "member><member><Key>loadgen-run</Key>"
        "<Value>0a1b</Value></member></tagSet></r>",
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct aws_tags tags;
        char name[64];
        struct xml_node *root = xml_tree_parse(texts[i], strlen(texts[i]));
        aws_tags_read(root, "tagSet", &tags);
        assert_string_equal(tags.run, "0a1b");
        assert_string_equal(tags.role, "cluster1/us-east-1b");
        assert_string_equal(aws_tags_name(tags.run, tags.role, name, sizeof name), "loadgen-0a1b-cluster1");
        xml_tree_free(root);
    }
}

struct reply {
    enum aws_service service;
    long status;
    const char *body;
    enum aws_class class;
    const char *code, *message, *request_id;
};

static const struct reply shapes[] = {
    { AWS_EC2, 200, "<DoResponse xmlns=\"http://ec2/\"><a/></DoResponse>", AWS_CLASS_NONE, "", "", "" },
    { AWS_EC2, 400,
      "<Response><Errors><Error><Code>DependencyViolation</Code><Message>m</Message></Error></"
      "Errors><RequestID>r1</RequestID>"
      "</Response>",
      AWS_CLASS_ORDERING, "DependencyViolation", "m", "r1" },
    { AWS_ELB, 400,
      "<ErrorResponse "
      "xmlns=\"http://elb/\"><Error><Type>Sender</Type><Code>LoadBalancerNotFound</Code><Message>m</"
      "Message></Error>"
      "<RequestId>r2</RequestId></ErrorResponse>",
      AWS_CLASS_MISSING, "LoadBalancerNotFound", "m", "r2" },
    { AWS_STS, 403,
      "<ErrorResponse><Errors><Error><Code>SignatureDoesNotMatch</"
      "Code><Message>no\n\nx-amz-security-token:T</Message></Error>"
      "</Errors></ErrorResponse>",
      AWS_CLASS_CREDENTIALS, "SignatureDoesNotMatch", "no", "" },
    { AWS_SSM, 400, "{\"__type\":\"com.amazon#ParameterNotFound\",\"message\":\"m\"}", AWS_CLASS_MISSING,
      "ParameterNotFound", "m", "" },
    { AWS_SSM, 400, "{\"__type\":\"ExpiredTokenException\",\"Message\":\"m\"}", AWS_CLASS_CREDENTIALS,
      "ExpiredTokenException", "m", "" },
    { AWS_EC2, 500,
      "<Response><Errors><Error><Code>InsufficientInstanceCapacity</Code><Message>m</Message></Error></"
      "Errors></Response>",
      AWS_CLASS_QUOTA, "InsufficientInstanceCapacity", "m",
      "" }, /* a server error that must not be repeated */
    { AWS_EC2, 503,
      "<Response><Errors><Error><Code>NeverHeardOf</Code><Message>m</Message></Error></Errors></"
      "Response>",
      AWS_CLASS_TRANSIENT, "NeverHeardOf", "m", "" },
    { AWS_EC2, 403,
      "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>No. Encoded authorization "
      "failure message: abc"
      "</Message></Error></Errors></Response>",
      AWS_CLASS_CREDENTIALS, "UnauthorizedOperation", "No.", "" },
    { AWS_EC2, 502,
      "<html>\x01"
      "bad gateway</html>",
      AWS_CLASS_TRANSIENT, "", "the reply is no error of AWS; it begins: <html> bad gateway</html>", "" },
    { AWS_EC2, 504, "", AWS_CLASS_TRANSIENT, "", "the reply is empty", "" },
    { AWS_EC2, 302, "", AWS_CLASS_OTHER, "", "the reply is empty", "" },
    { AWS_EC2, 200, "", AWS_CLASS_TRANSIENT, "", "the reply is empty", "" },
    { AWS_EC2, 200, "<DoResponse><a>", AWS_CLASS_TRANSIENT, "", "the reply is no XML or breaks off", "" },
    { AWS_EC2, 200, "<ListAllMyBucketsResult/>", AWS_CLASS_NOT_AWS, "",
      "the reply is a <ListAllMyBucketsResult> where a <DoResponse> is due", "" },
    { AWS_EC2, 200, "<DoResponses/>", AWS_CLASS_NOT_AWS, "",
      "the reply is a <DoResponses> where a <DoResponse> is due", "" },
    { AWS_SSM, 200, "[1]", AWS_CLASS_TRANSIENT, "", "the reply is no JSON object or breaks off", "" },
};

static void every_shape_of_reply_is_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const struct reply *r = &shapes[i];
        struct aws_call call;
        aws_call_init(&call, r->service, "Do", true);
        aws_call_read_reply(&call, r->status, r->body, strlen(r->body));
        assert_int_equal(call.failure.class, r->class);
        assert_string_equal(call.failure.code, r->code);
        assert_string_equal(call.failure.message, r->message);
        assert_string_equal(call.failure.request_id, r->request_id);
        assert_true((call.reply != NULL) == (r->class == AWS_CLASS_NONE));
        aws_call_fini(&call);
    }
}

static void whatever_is_not_found_is_missing(void **state)
{
    static const char *const codes[] = { "InvalidGroup.NotFound",   "InvalidInstanceID.NotFound",
                                         "TargetGroupNotFound",     "InvalidSecurityGroup",
                                         "SubnetNotFound",          "InvalidSubnetID.NotFound",
                                         "InvalidKeyPair.NotFound", "ResourceNotFoundException" };
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        assert_int_equal(aws_failure_class_of(codes[i]), AWS_CLASS_MISSING);
    assert_int_equal(aws_failure_class_of("InvalidAMIID.Malformed"), AWS_CLASS_INPUT);
}

static void messages_advise_what_to_do(void **state)
{
    static const struct {
        struct aws_failure failure;
        const char *words;
    } cases[] = {
        { { .class = AWS_CLASS_CREDENTIALS,
            .code = "ExpiredToken",
            .message = "old",
            .http_status = 403,
            .request_id = "r" },
          "EC2 Do: ExpiredToken: old (HTTP 403, request id r). The session has expired: paste fresh "
          "credentials" },
        { { .class = AWS_CLASS_CREDENTIALS, .code = "RequestExpired", .clock_ahead_s = -900 },
          "clock is 900 s behind AWS's" },
        { { .class = AWS_CLASS_QUOTA, .code = "VcpuLimitExceeded" }, "L-1216C47A" },
        { { .class = AWS_CLASS_QUOTA, .code = "Unsupported" },
          "run `loadgen provision down` and name another zone" },
        { { .class = AWS_CLASS_QUOTA, .code = "InsufficientFreeAddressesInSubnet" },
          "run `loadgen provision down` and name another subnet" },
        { { .class = AWS_CLASS_UNREACHABLE, .message = "no host" }, "EC2 Do: no host. Check the network" },
        { { .class = AWS_CLASS_INPUT, .code = "ValidationError", .message = "bad", .http_status = 400 },
          "ValidationError: bad (HTTP 400)." },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err e;
        assert_int_equal(aws_failure_error(&cases[i].failure, "EC2 Do", &e), -1);
        if (!strstr(e.text, cases[i].words))
            fail_msg("'%s' does not say '%s'", e.text, cases[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_are_encoded_as_aws_signs_them),
        cmocka_unit_test(xml_is_walked_by_local_names),
        cmocka_unit_test(text_of_a_reply_is_safe_to_print),
        cmocka_unit_test(what_is_no_plain_xml_is_refused),
        cmocka_unit_test(tags_are_read_in_both_spellings),
        cmocka_unit_test(every_shape_of_reply_is_judged),
        cmocka_unit_test(whatever_is_not_found_is_missing),
        cmocka_unit_test(messages_advise_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
