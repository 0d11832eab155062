# a login
HOST=http://127.0.0.1:8080
curl -sS -X POST "$HOST/login" -H 'Content-Type: application/json' \
   --data-raw $'{"user":"Ann O\'Neil \u00e9","password":"hunter22"}' -o /dev/null
curl "$HOST/items/17/../18?q=a b" -H "Authorization: Bearer $TOKEN" -b 'a=1; sid=xyzxyzxyz' --compressed -L
curl -d 'a={b}' -d '{{c}}' -d "x=$Y" -u ann:secret $HOST/form | jq . 
curl -G --data-urlencode 'q=a b&c' --data-urlencode "w=$WORD" $HOST/search > out 2>&1
