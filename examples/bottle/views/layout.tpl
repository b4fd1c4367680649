<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Bookmarks</title>
<link rel="stylesheet" href="{{url("static", path="style.css")}}">
<h1><a href="{{url("home")}}">Bookmarks</a></h1>
{{!base}}
</html>
